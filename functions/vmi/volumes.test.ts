import type { KubeVirt, Volume } from "@knvirt/api";
import type { PersistentVolumeClaim } from "@knvirt/kubernetes";
import { at, aVmi } from "../testing/builders.ts";
import { claimNames, lookForClaims, missingClaim, volumeFacts } from "./claims.ts";
import { launcherPod } from "./launcher-pod.ts";

const aClaim = (name: string, given: Partial<PersistentVolumeClaim["spec"]> = {}): PersistentVolumeClaim => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name, namespace: "default" },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10M" } }, ...given },
});
const claims = [aClaim("files"), aClaim("block", { volumeMode: "Block" })];
const domain = { memory: { guest: "64Mi" } };
const instanceOf = (...volumes: Volume[]) => aVmi({ spec: { domain, volumes } });
const withGates = (...featureGates: string[]): KubeVirt => ({
  apiVersion: "kubevirt.io/v1",
  kind: "KubeVirt",
  metadata: { name: "kubevirt", namespace: "kubevirt" },
  spec: { configuration: { developerConfiguration: { featureGates } } },
});
const podOf = (volume: Volume, kubevirt = withGates("HostDisk")) =>
  launcherPod({ vmi: instanceOf(volume), claims, kubevirt, settings: { image: "launcher:1" } });
/** Beside those of every launcher. */
const beside = <T extends { name: string }>(items: T[] = []) =>
  items.filter(({ name }) => !["sockets", "private", "disks", "generated"].includes(name));

const files = { claimName: "files" };
const readOnly = true;
const at107 = "/run/knvirt";

test.each<{ when: string; volume: Volume; source: object; mount: object | undefined }>([
  {
    when: "a claim that is a file system",
    volume: { name: "v", persistentVolumeClaim: files },
    source: { name: "claim-v", persistentVolumeClaim: files },
    mount: { name: "claim-v", mountPath: `${at107}/claims/v` },
  },
  {
    when: "a claim that is only read",
    volume: { name: "v", persistentVolumeClaim: { ...files, readOnly } },
    source: { name: "claim-v", persistentVolumeClaim: { ...files, readOnly } },
    mount: { name: "claim-v", mountPath: `${at107}/claims/v`, readOnly },
  },
  {
    when: "an ephemeral disk",
    volume: { name: "v", ephemeral: { persistentVolumeClaim: files } },
    source: { name: "claim-v", persistentVolumeClaim: { ...files, readOnly } },
    mount: { name: "claim-v", mountPath: `${at107}/claims/v`, readOnly },
  },
  {
    when: "a data volume that is a block device",
    volume: { name: "v", dataVolume: { name: "block" } },
    source: { name: "claim-v", persistentVolumeClaim: { claimName: "block" } },
    mount: undefined,
  },
  {
    when: "a disk of the node",
    volume: { name: "v", hostDisk: { path: "/data/vms/a.img", type: "DiskOrCreate", capacity: "1Gi" } },
    source: { name: "hostdisk-v", hostPath: { path: "/data/vms", type: "DirectoryOrCreate" } },
    mount: { name: "hostdisk-v", mountPath: `${at107}/host-disks/v` },
  },
  {
    when: "a disk at the node's root",
    volume: { name: "v", hostDisk: { path: "/a.img", type: "Disk" } },
    source: { name: "hostdisk-v", hostPath: { path: "/", type: "Directory" } },
    mount: { name: "hostdisk-v", mountPath: `${at107}/host-disks/v` },
  },
  {
    when: "a ConfigMap",
    volume: { name: "v", configMap: { name: "c", optional: true, volumeLabel: "x" } },
    source: { name: "configuration-v", configMap: { name: "c", optional: true } },
    mount: { name: "configuration-v", mountPath: "/var/run/knvirt/configuration/v", readOnly },
  },
  {
    when: "a Secret",
    volume: { name: "v", secret: { secretName: "s" } },
    source: { name: "configuration-v", secret: { secretName: "s" } },
    mount: { name: "configuration-v", mountPath: "/var/run/knvirt/configuration/v", readOnly },
  },
  {
    when: "answers for Windows",
    volume: { name: "v", sysprep: { secret: { name: "s" } } },
    source: { name: "configuration-v", secret: { secretName: "s" } },
    mount: { name: "configuration-v", mountPath: "/var/run/knvirt/configuration/v", readOnly },
  },
  {
    when: "what the pod says of itself",
    volume: { name: "v", downwardAPI: { fields: [{ path: "a", fieldRef: { fieldPath: "metadata.name" } }] } },
    source: {
      name: "configuration-v",
      downwardAPI: { items: [{ path: "a", fieldRef: { fieldPath: "metadata.name" } }] },
    },
    mount: { name: "configuration-v", mountPath: "/var/run/knvirt/configuration/v", readOnly },
  },
  {
    when: "user data of a ConfigDrive",
    volume: { name: "v", cloudInitConfigDrive: { secretRef: { name: "s" } } },
    source: { name: "cloudinit-v-user", secret: { secretName: "s" } },
    mount: { name: "cloudinit-v-user", mountPath: "/var/run/knvirt/secrets/v/user", readOnly },
  },
])("$when is mounted", ({ volume, source, mount }) => {
  const { spec } = podOf(volume);
  expect(beside(spec.volumes)).toEqual([source]);
  expect(beside(spec.containers[0]?.volumeMounts)).toEqual(mount ? [mount] : []);
});

test("a block device is a device of the container, and nothing else is", () => {
  const devices = (claimName: string) =>
    podOf({ name: "v", persistentVolumeClaim: { claimName } }).spec.containers[0]?.volumeDevices;
  expect(devices("block")).toEqual([{ name: "claim-v", devicePath: "/dev/knvirt/v" }]);
  expect(devices("files")).toBeUndefined();
});

test.each([
  { when: "of a claim", volume: { persistentVolumeClaim: files }, want: '{"v":9437184}' },
  { when: "that exists already", volume: { ephemeral: { persistentVolumeClaim: files } }, want: undefined },
  { when: "that is a device", volume: { persistentVolumeClaim: { claimName: "block" } }, want: undefined },
])("the size of a disk $when is told in whole mebibytes, or not", ({ volume, want }) => {
  expect(podOf({ name: "v", ...volume }).metadata.annotations?.["knvirt.dev/disk-bytes"]).toBe(want);
});

test("what is made of values lies in memory, which the pod asks for", () => {
  const memory = (volume: Volume) => podOf(volume).spec.volumes?.find(({ name }) => name === "generated")?.emptyDir;
  expect(memory({ name: "v", secret: { secretName: "s" } })).toEqual({ medium: "Memory", sizeLimit: "4Mi" });
  expect(memory({ name: "v", persistentVolumeClaim: files })).toBeUndefined();
});

test("a disk of the node needs its feature gate", () => {
  const volume: Volume = { name: "v", hostDisk: { path: "/data/a.img", type: "Disk" } };
  expect(() => podOf(volume, withGates())).toThrow(
    "spec.volumes[0].hostDisk is not allowed: feature gate HostDisk is off, expected it in developerConfiguration.featureGates of the KubeVirt object",
  );
});

test("a pod has a token only where its guest is to have it", () => {
  const { serviceAccountName, automountServiceAccountToken } = podOf({
    name: "v",
    serviceAccount: { serviceAccountName: "robot" },
  }).spec;
  expect({ serviceAccountName, automountServiceAccountToken }).toEqual({
    serviceAccountName: "robot",
    automountServiceAccountToken: true,
  });
  expect(podOf({ name: "v", configMap: { name: "c" } }).spec.automountServiceAccountToken).toBe(false);
});

test("secrets for pulling come from container disks and kernels, each once", () => {
  const disk = (name: string, imagePullSecret: string): Volume => ({
    name,
    containerDisk: { image: "i", imagePullSecret },
  });
  const container = { image: "k", kernelPath: "/k", imagePullSecret: "u" };
  const spec = {
    domain: { ...domain, firmware: { kernelBoot: { container } } },
    volumes: [disk("a", "s"), disk("b", "t"), disk("c", "s")],
  };
  const pod = launcherPod({ vmi: aVmi({ spec }), claims: [], kubevirt: undefined, settings: { image: "l" } });
  expect(pod.spec.imagePullSecrets).toEqual([{ name: "s" }, { name: "t" }, { name: "u" }]);
});

describe("a claim that is missing", () => {
  const vmi = instanceOf({ name: "v", persistentVolumeClaim: { claimName: "none" } });
  const now = at("12:00:30");
  const seen = {
    vmi,
    pod: undefined,
    claims: [],
    kubevirt: undefined,
    settings: { image: "l" },
    now,
    refusal: undefined,
  };

  it("is told by name", () =>
    expect(missingClaim({ vmi, claims })).toMatchObject({
      reason: "FailedPvcNotFound",
      message: "volume v needs PersistentVolumeClaim default/none: it does not exist, create it",
    }));

  it.each([
    { since: undefined, want: 1 },
    { since: "12:00:10", want: 20 },
    { since: "11:00:00", want: 60 },
  ])("is looked for after $want seconds when it is missing since $since", ({ since, want }) => {
    const lastTransitionTime = `2026-01-02T${since}Z`;
    const told = { type: "Synchronized", status: "False" as const, reason: "FailedPvcNotFound", lastTransitionTime };
    const status = since === undefined ? {} : { conditions: [told] };
    expect(lookForClaims({ ...seen, vmi: { ...vmi, status } })).toEqual([{ verb: "requeue", seconds: want }]);
  });

  it("is not looked for once it is there", () => expect(lookForClaims({ ...seen, vmi: instanceOf() })).toEqual([]));
});

test("claims are read until the pod is made, and told of for ever", () => {
  const volumes: Volume[] = [
    { name: "a", persistentVolumeClaim: files },
    { name: "b", ephemeral: { persistentVolumeClaim: files } },
  ];
  const vmi = instanceOf(...volumes);
  expect(claimNames(vmi)).toEqual(["files"]);
  const seen = {
    pod: undefined,
    kubevirt: undefined,
    settings: { image: "l" },
    now: at("12:00:00"),
    refusal: undefined,
  };
  const told = volumeFacts({ ...seen, vmi, claims });
  expect(told).toMatchObject([{ name: "a", persistentVolumeClaimInfo: { claimName: "files" } }, { name: "b" }]);
  const running = { ...vmi, status: { phase: "Running" as const, volumeStatus: told } };
  expect(claimNames(running)).toEqual([]);
  expect(volumeFacts({ ...seen, vmi: running, claims: [] })).toEqual(told);
});
