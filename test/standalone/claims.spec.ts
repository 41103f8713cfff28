// Disks that outlive instances: claims as a file system and as a block device, disks of the node; and one that does not.
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Disk,
  kubeVirts,
  type VirtualMachine,
  type Volume,
  virtualMachineInstances,
  virtualMachines,
} from "@knvirt/api";
import { type PersistentVolumeClaim, persistentVolumeClaims } from "@knvirt/kubernetes";
import { runTool } from "@knvirt/tools";
import { buildersFor } from "../support/builders.ts";
import { askGuest } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { sharedInstance } from "../support/instance.ts";
import { removeNamed } from "../support/named.ts";
import { getVm, getVmi, removeVms, runningVmi } from "../support/vms.ts";

const host = sharedInstance();
const { aSpec, aVm } = buildersFor(host);
const { client, namespace } = host;
const folder = mkdtempSync(join(tmpdir(), "knvirt-host-disk-"));

afterAll(async () => {
  await removeVms(host, "keeps", "throws", "hosts", "trap");
  for (const name of ["files", "block", "junk"])
    await removeNamed(client, persistentVolumeClaims, { namespace, name });
  await setGates([]);
  rmSync(folder, { recursive: true });
});

const aClaim = (name: string, given: Partial<PersistentVolumeClaim["spec"]> = {}): PersistentVolumeClaim => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name, namespace },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "8Mi" } }, ...given },
});

function vmWith(name: string, volumes: Volume[]): VirtualMachine {
  const spec = aSpec({ volumes });
  const disks: Disk[] = volumes.map((volume) => ({ name: volume.name, disk: { bus: "virtio" } }));
  spec.domain.devices = { ...spec.domain.devices, disks };
  return aVm({ name, spec });
}

const write = (vm: string, letter: string, word: string) =>
  askGuest(host, vm, `echo ${word} | dd of=/dev/vd${letter} conv=fsync 2>/dev/null; sync`);
const read = (vm: string, letter: string) =>
  askGuest(host, vm, `dd if=/dev/vd${letter} bs=512 count=1 2>/dev/null | tr -d '\\000'`);
const sizeOf = (vm: string, letter: string) => askGuest(host, vm, `cat /sys/block/vd${letter}/size`);

async function restarted(name: string): Promise<void> {
  const before = await runningVmi(host, name);
  await client.delete(virtualMachineInstances, { namespace, name });
  await runningVmi(host, name, before);
}

const setGates = (featureGates: string[]) =>
  client.mergePatch(kubeVirts, host.settings, {
    patch: { spec: { configuration: { developerConfiguration: { featureGates } } } },
  });

const synchronized = async (name: string) =>
  (await getVmi(host, name))?.status?.conditions?.find(({ type }) => type === "Synchronized");

test("an instance waits for its claims, says which is missing, and runs once they are there", async () => {
  const volumes: Volume[] = [
    { name: "files", persistentVolumeClaim: { claimName: "files" } },
    { name: "block", dataVolume: { name: "block" } },
    { name: "scratch", emptyDisk: { capacity: "4Mi" } },
  ];
  await client.create(virtualMachines, vmWith("keeps", volumes));
  const problem = await eventually(() => synchronized("keeps"), { what: "the missing claim is told" });
  expect(problem).toMatchObject({
    reason: "FailedPvcNotFound",
    message: "volume files needs PersistentVolumeClaim default/files: it does not exist, create it",
  });
  await client.create(persistentVolumeClaims, aClaim("files"));
  await client.create(persistentVolumeClaims, aClaim("block", { volumeMode: "Block" }));
  const { status } = await runningVmi(host, "keeps");
  expect(status?.volumeStatus).toContainEqual({
    name: "files",
    target: "vda",
    persistentVolumeClaimInfo: expect.objectContaining({ claimName: "files", volumeMode: "Filesystem" }),
  });
  expect(await client.find(persistentVolumeClaims, { namespace, name: "block" })).toMatchObject({
    status: { phase: "Bound", capacity: { storage: "8Mi" } },
  });
});

test("what is written to a claim is there after a restart, and on an empty disk it is not", async () => {
  expect([await sizeOf("keeps", "a"), await sizeOf("keeps", "b")]).toEqual(["16384", "16384"]);
  for (const letter of ["a", "b", "c"]) await write("keeps", letter, `kept-${letter}`);
  await restarted("keeps");
  expect([await read("keeps", "a"), await read("keeps", "b"), await read("keeps", "c")]).toEqual([
    "kept-a",
    "kept-b",
    "",
  ]);
});

test("what is written to an ephemeral disk is gone, and its claim is as it was", async () => {
  await removeVms(host, "keeps");
  const volumes = ["files", "block"].map(
    (claimName): Volume => ({ name: claimName, ephemeral: { persistentVolumeClaim: { claimName } } }),
  );
  await client.create(virtualMachines, vmWith("throws", volumes));
  await runningVmi(host, "throws");
  for (const letter of ["a", "b"]) {
    expect(await read("throws", letter)).toBe(`kept-${letter}`);
    await write("throws", letter, "thrown-away");
    expect(await read("throws", letter)).toBe("thrown-away");
  }
  await restarted("throws");
  expect([await read("throws", "a"), await read("throws", "b")]).toEqual(["kept-a", "kept-b"]);
});

test("a claim that is deleted goes when nobody uses it any more, and its data and device with it", async () => {
  const { metadata } = (await client.find(persistentVolumeClaims, { namespace, name: "block" })) ?? aClaim("block");
  const storage = join(host.dataDir, "volumes", metadata.uid ?? "");
  await client.delete(persistentVolumeClaims, { namespace, name: "block" });
  expect(await client.find(persistentVolumeClaims, { namespace, name: "block" })).toBeDefined();
  expect(existsSync(storage)).toBe(true);
  await removeVms(host, "throws");
  await eventually(async () => !(await client.find(persistentVolumeClaims, { namespace, name: "block" })), {
    what: "the claim is gone",
  });
  expect(existsSync(storage)).toBe(false);
  expect(await runTool("losetup", ["--list", "--output", "BACK-FILE"])).not.toContain(storage);
});

test("a claim in which somebody left a link has no disk: what it leads to is not opened", async () => {
  await client.create(persistentVolumeClaims, aClaim("junk"));
  const { metadata } = (await client.find(persistentVolumeClaims, { namespace, name: "junk" })) ?? aClaim("junk");
  const files = join(host.dataDir, "volumes", metadata.uid ?? "", "files");
  mkdirSync(files, { recursive: true });
  symlinkSync("/etc/passwd", join(files, "disk.img"));
  await client.create(
    virtualMachines,
    vmWith("trap", [{ name: "junk", persistentVolumeClaim: { claimName: "junk" } }]),
  );
  const problem = await eventually(() => synchronized("trap"), { what: "the link is told", seconds: 60 });
  expect(problem).toMatchObject({
    reason: "UnsafePath",
    message: "volume junk: disk.img is no ordinary file: it is not followed",
  });
  expect(statSync("/etc/passwd").uid).toBe(0);
});

test.each([
  { when: "for several nodes", given: { accessModes: ["ReadWriteMany"] }, says: /spec.accessModes\[0\]/ },
  { when: "of another class", given: { storageClassName: "fast" }, says: /spec.storageClassName/ },
  { when: "with a selector", given: { selector: { matchLabels: {} } }, says: /spec.selector: Forbidden/ },
  { when: "with a source", given: { dataSource: { kind: "x", name: "y" } }, says: /spec.dataSource: Forbidden/ },
  { when: "without a size", given: { resources: {} }, says: /spec.resources\[storage\]: Required/ },
])("a claim $when is refused", async ({ given, says }) => {
  await expect(client.create(persistentVolumeClaims, aClaim("never", given as object))).rejects.toThrow(says);
});

describe("a disk of the node", () => {
  const path = join(folder, "made", "disk.img");
  const vm = vmWith("hosts", [{ name: "local", hostDisk: { path, type: "DiskOrCreate", capacity: "4Mi" } }]);

  it("is refused while the feature gate is off", async () => {
    await client.create(virtualMachines, vm);
    const problem = await eventually(() => synchronized("hosts"), { what: "the gate is told" });
    expect(problem?.message).toMatch(/^spec.volumes\[0\].hostDisk is not allowed: feature gate HostDisk is off/);
    expect(existsSync(join(folder, "made"))).toBe(false);
    await removeVms(host, "hosts");
  });

  it("is made, kept, and given to nobody but the launcher's user", async () => {
    await setGates(["HostDisk"]);
    await client.create(virtualMachines, vm);
    await runningVmi(host, "hosts");
    await write("hosts", "a", "on-the-node");
    const { uid, size, mode } = statSync(path);
    expect({ uid, size, mode: mode & 0o777 }).toEqual({ uid: 107, size: 4 * 2 ** 20, mode: 0o660 });
    await restarted("hosts");
    expect(await read("hosts", "a")).toBe("on-the-node");
    expect(await getVm(host, "hosts")).toBeDefined();
  });
});
