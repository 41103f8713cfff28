// The parts of an OCI configuration, as tables, and one whole configuration.
import { expect, test } from "@jest/globals";
import type { Container, Pod, PodSpec } from "@knvirt/kubernetes";
import { grantedCapabilities } from "./capabilities.ts";
import { commandLine, environment } from "./command.ts";
import { type ContainerFacts, ociConfig } from "./config.ts";
import { requestedDevices } from "./devices.ts";
import { cgroupResources } from "./resources.ts";
import { seccompFor } from "./seccomp.ts";
import { containerUser } from "./user.ts";

const aContainer = (given: Partial<Container> = {}): Container => ({ name: "main", image: "i", ...given });

test.each([
  { when: "drop ALL", given: { drop: ["ALL"] }, want: [] },
  { when: "drop ALL, add one", given: { drop: ["all"], add: ["net_admin"] }, want: ["CAP_NET_ADMIN"] },
  { when: "either spelling", given: { drop: ["ALL"], add: ["CAP_KILL", "KILL"] }, want: ["CAP_KILL"] },
])("capabilities: $when", ({ given, want }) => expect(grantedCapabilities(given)).toEqual(want));

test("capabilities: some are granted, some dropped", () => {
  expect(grantedCapabilities()).toHaveLength(14);
  expect(grantedCapabilities({ drop: ["NET_RAW"] })).not.toContain("CAP_NET_RAW");
});

const image = { entrypoint: ["/init"], cmd: ["serve"], env: ["PATH=/bin", "A=image"] };

test.each([
  { when: "the image's own", given: {}, want: ["/init", "serve"] },
  { when: "args replace cmd", given: { args: ["x"] }, want: ["/init", "x"] },
  { when: "command replaces both", given: { command: ["/c"] }, want: ["/c"] },
  {
    when: "command and args",
    given: { command: ["/c"], args: ["$(A)", "$$(A)", "$(B)"] },
    want: ["/c", "v", "$(A)", "$(B)"],
  },
])("command: $when", ({ given, want }) => expect(commandLine(aContainer(given), image, ["A=v"])).toEqual(want));

test("command: nothing to execute is refused", () => {
  expect(() => commandLine(aContainer(), { ...image, entrypoint: [], cmd: [] }, [])).toThrow(
    "container main has no command",
  );
});

test("environment: the pod's over the image's, with references", () => {
  const env = [{ name: "A", value: "pod" }, { name: "B", value: "$(A)-$(HOSTNAME)" }, { name: "EMPTY" }];
  expect(environment(aContainer({ env }), image, "web")).toEqual([
    "PATH=/bin",
    "HOSTNAME=web",
    "A=pod",
    "B=pod-web",
    "EMPTY=",
  ]);
});

const files = { passwd: "root:x:0:0::/:/bin/sh\nqemu:x:107:108::/:\n", group: "kvm:x:36:\n" };
const asSpec = (securityContext: PodSpec["securityContext"] = {}): PodSpec => ({ containers: [], securityContext });

test.each([
  { when: "root, when nothing is said", user: "", pod: {}, want: { uid: 0, gid: 0 } },
  { when: "the image's, by name", user: "qemu:kvm", pod: {}, want: { uid: 107, gid: 36 } },
  { when: "the image's, by number", user: "5:6", pod: {}, want: { uid: 5, gid: 6 } },
  {
    when: "the pod's, with the group of its passwd line",
    user: "5",
    pod: { runAsUser: 107 },
    want: { uid: 107, gid: 108 },
  },
  {
    when: "the pod's, with groups",
    user: "",
    pod: { runAsUser: 107, runAsGroup: 107, fsGroup: 107, supplementalGroups: [36, 107] },
    want: { uid: 107, gid: 107, additionalGids: [36, 107] },
  },
])("user: $when", ({ user, pod, want }) =>
  expect(containerUser(asSpec(pod), aContainer(), { user, ...files })).toEqual(want),
);

test("user: the container's word is the last", () => {
  const container = aContainer({ securityContext: { runAsUser: 1 } });
  expect(containerUser(asSpec({ runAsUser: 2 }), container, { user: "3", ...files })).toEqual({ uid: 1, gid: 0 });
});

test.each([
  { when: "unknown", user: "nobody", pod: {}, says: "image user nobody is unknown" },
  { when: "root against its will", user: "", pod: { runAsNonRoot: true }, says: "would run as root: set runAsUser" },
])("user: $when is refused", ({ user, pod, says }) => {
  expect(() => containerUser(asSpec(pod), aContainer(), { user, ...files })).toThrow(says);
});

test.each([
  { when: "nothing", given: {}, want: { cpu: { shares: 2 } } },
  { when: "a request", given: { requests: { cpu: "500m", memory: "1Gi" } }, want: { cpu: { shares: 512 } } },
  {
    when: "limits",
    given: { limits: { cpu: "1500m", memory: "64Mi" } },
    want: { cpu: { shares: 1536, quota: 150_000, period: 100_000 }, memory: { limit: 67_108_864 } },
  },
  {
    when: "a tiny limit",
    given: { limits: { cpu: "1m" } },
    want: { cpu: { shares: 2, quota: 1000, period: 100_000 } },
  },
])("resources: $when", ({ given, want }) => {
  const { devices, pids, ...limits } = cgroupResources(given, []);
  expect(limits).toEqual(want);
  expect(pids).toEqual({ limit: 4096 });
  expect(devices).toEqual([{ allow: false, access: "rwm" }]);
});

test("devices: those whose limit is set", () => {
  expect(requestedDevices({ "devices.kubevirt.io/kvm": "1", "devices.kubevirt.io/tun": "0", cpu: "2" })).toEqual([
    "/dev/kvm",
  ]);
});

const profile = {
  defaultAction: "SCMP_ACT_ERRNO",
  defaultErrnoRet: 38,
  archMap: [{ architecture: "SCMP_ARCH_X86_64", subArchitectures: ["SCMP_ARCH_X86"] }],
  syscalls: [
    { names: ["read", "clone", "clone3", "unshare"], action: "SCMP_ACT_ALLOW", args: null },
    { names: ["mount"], action: "SCMP_ACT_ALLOW", includes: { caps: ["CAP_SYS_ADMIN"] } },
    { names: ["mount"], action: "SCMP_ACT_ERRNO", errnoRet: 1, excludes: { caps: ["CAP_SYS_ADMIN"] } },
    { names: ["sync_file_range2"], action: "SCMP_ACT_ALLOW", includes: { arches: ["ppc64le"] } },
  ],
};

test.each([
  {
    when: "without the capability no namespaces are made",
    capabilities: [],
    want: [
      "read SCMP_ACT_ALLOW",
      "clone SCMP_ACT_ALLOW",
      "clone3 SCMP_ACT_ERRNO",
      expect.stringMatching(/^unshare,setns,mount,.* SCMP_ACT_ERRNO$/),
    ],
  },
  {
    when: "with it the profile counts",
    capabilities: ["CAP_SYS_ADMIN"],
    want: ["read,clone,clone3,unshare SCMP_ACT_ALLOW", "mount SCMP_ACT_ALLOW"],
  },
])("seccomp: $when", ({ capabilities, want }) => {
  const { syscalls, architectures } = seccompFor(profile, capabilities, "x64");
  expect(syscalls.map(({ names, action }) => `${names} ${action}`)).toEqual(want);
  expect(architectures).toEqual(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]);
});

test("the configuration of a launcher", () => {
  const container = aContainer({
    image: "knvirt.dev/launcher:dev",
    resources: { limits: { memory: "200Mi", "devices.kubevirt.io/kvm": "1" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  });
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "virt-launcher-web" },
    spec: {
      containers: [container],
      securityContext: { runAsUser: 107, runAsGroup: 107, fsGroup: 107, seccompProfile: { type: "RuntimeDefault" } },
    },
  };
  const facts: ContainerFacts = {
    image: { ...image, ...files, user: "", workingDir: "/", rootfs: "/layers/root", isReadOnly: true },
    mounts: [{ destination: "/work", type: "bind", source: "/pods/x", options: ["rbind"] }],
    devices: [{ path: "/dev/kvm", type: "c", major: 10, minor: 232 }],
    netns: "/run/netns/x",
    cgroup: "/knvirt-x/podx/main",
    hostname: "virt-launcher-web",
    seccompProfile: profile,
    architecture: "x64",
  };
  const { mounts, linux, ...rest } = ociConfig(pod, container, facts);
  expect(rest).toEqual({
    ociVersion: "1.0.2",
    hostname: "virt-launcher-web",
    root: { path: "/layers/root", readonly: true },
    process: {
      terminal: false,
      user: { uid: 107, gid: 107, additionalGids: [107] },
      args: ["/init", "serve"],
      env: ["PATH=/bin", "HOSTNAME=virt-launcher-web", "A=image"],
      cwd: "/",
      noNewPrivileges: true,
      capabilities: { bounding: [], effective: [], permitted: [] },
    },
  });
  expect(mounts.at(-1)?.destination).toBe("/work");
  expect(linux).toMatchObject({
    cgroupsPath: "/knvirt-x/podx/main",
    devices: [{ path: "/dev/kvm", fileMode: 0o666 }],
    resources: { devices: [{ allow: false }, { allow: true, major: 10, minor: 232, access: "rw" }] },
    seccomp: { defaultAction: "SCMP_ACT_ERRNO" },
  });
  expect(linux.namespaces).toContainEqual({ type: "network", path: "/run/netns/x" });
});
