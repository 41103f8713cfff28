import { launcherPodName, launcherVolume, longestVmiName, vmiOfLauncherPod } from "./names.ts";

const long = "v".repeat(63);

test.each([
  { name: launcherVolume.containerDisk("root"), want: "containerdisk-root" },
  { name: launcherVolume.userData("init"), want: "cloudinit-init-user" },
  { name: launcherVolume.networkData("init"), want: "cloudinit-init-network" },
])("$want", ({ name, want }) => expect(name).toBe(want));

test("volumes of the longest name keep names that a pod can carry, each its own", () => {
  const names = [
    launcherVolume.containerDisk(long),
    launcherVolume.containerDisk(`${long.slice(1)}w`),
    launcherVolume.userData(long),
    launcherVolume.networkData(long),
  ];
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]{1,63}$/);
  expect(new Set(names).size).toBe(names.length);
});

test("a launcher pod tells its VMI by its name", () => {
  const key = { namespace: "default", name: "a".repeat(longestVmiName) };
  const pod = { namespace: "default", name: launcherPodName(key.name) };
  expect(pod.name).toHaveLength(253);
  expect(vmiOfLauncherPod(pod)).toEqual(key);
  expect(vmiOfLauncherPod({ namespace: "default", name: "web" })).toBeUndefined();
});
