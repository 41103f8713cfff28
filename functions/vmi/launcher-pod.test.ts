import type { KubeVirt, VirtualMachineInstance, VmiSpec } from "@knvirt/api";
import { aVmi, emulated } from "../testing/builders.ts";
import { launcherPod } from "./launcher-pod.ts";
import { memoryOverheadOf } from "./overhead.ts";

const settings = { image: "example.org/launcher:1" };
const mebi = 1024 ** 2;
const podOf = (vmi: VirtualMachineInstance, kubevirt?: KubeVirt) =>
  launcherPod({ vmi, claims: [], kubevirt, settings });

test("a plain instance's pod, whole", () => {
  const vmi = aVmi({
    metadata: {
      labels: { app: "web" },
      annotations: { note: "x", "kubectl.kubernetes.io/last-applied-configuration": "{}" },
    },
  });
  expect(podOf(vmi)).toEqual({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "virt-launcher-web",
      namespace: "default",
      labels: {
        app: "web",
        "kubevirt.io": "virt-launcher",
        "kubevirt.io/created-by": "vmi-uid",
        "vm.kubevirt.io/name": "web",
        "vmi.kubevirt.io/id": "web",
      },
      annotations: {
        note: "x",
        "kubevirt.io/domain": "web",
        "kubectl.kubernetes.io/default-container": "compute",
        "kubevirt.io/memory-overhead-bytes": `${171 * mebi}`,
      },
      ownerReferences: [
        {
          apiVersion: "kubevirt.io/v1",
          kind: "VirtualMachineInstance",
          name: "web",
          uid: "vmi-uid",
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      nodeSelector: { "kubernetes.io/arch": "amd64", "kubevirt.io/schedulable": "true" },
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 60,
      hostname: "web",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsUser: 107,
        runAsGroup: 107,
        runAsNonRoot: true,
        fsGroup: 107,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "compute",
          image: "example.org/launcher:1",
          env: [
            { name: "KNVIRT_VMI_NAMESPACE", value: "default" },
            { name: "KNVIRT_VMI_NAME", value: "web" },
            { name: "KNVIRT_VMI_UID", value: "vmi-uid" },
            { name: "KNVIRT_GRACE_SECONDS", value: "30" },
          ],
          resources: {
            requests: {
              cpu: "25m",
              memory: "235Mi",
              "devices.kubevirt.io/kvm": "1",
              "devices.kubevirt.io/tun": "1",
            },
            limits: { "devices.kubevirt.io/kvm": "1", "devices.kubevirt.io/tun": "1" },
          },
          securityContext: {
            privileged: false,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: [
            { name: "sockets", mountPath: "/var/run/knvirt/sockets" },
            { name: "private", mountPath: "/var/run/knvirt/private" },
            { name: "disks", mountPath: "/var/run/knvirt/disks" },
          ],
        },
      ],
      volumes: [
        { name: "sockets", emptyDir: {} },
        { name: "private", emptyDir: {} },
        { name: "disks", emptyDir: {} },
      ],
    },
  });
});

const specOf = (domain: VmiSpec["domain"], rest?: Partial<VmiSpec>): VmiSpec => ({ domain, ...rest });
const guest = { guest: "64Mi" };

test.each([
  { when: "guest memory only", spec: specOf({ memory: guest }), want: 171 * mebi },
  { when: "four CPUs", spec: specOf({ memory: guest, cpu: { cores: 2, sockets: 2 } }), want: 195 * mebi },
  {
    when: "no graphics",
    spec: specOf({ memory: guest, devices: { autoattachGraphicsDevice: false } }),
    want: 139 * mebi,
  },
  { when: "a request of 512Mi", spec: specOf({ resources: { requests: { memory: "512Mi" } } }), want: 172 * mebi },
  {
    when: "probes by the agent",
    spec: specOf(
      { memory: guest },
      { readinessProbe: { guestAgentPing: {} }, livenessProbe: { exec: { command: ["x"] } } },
    ),
    want: 235 * mebi,
  },
  { when: "emulation", spec: specOf({ memory: guest }), kubevirt: emulated, want: 203 * mebi },
])("memory overhead with $when is below upstream's", ({ spec, kubevirt, want }) => {
  expect(memoryOverheadOf(aVmi({ spec }), kubevirt)).toBe(want);
  expect(want).toBeLessThan((240 + 8 + 8) * mebi);
});

const withDisks = specOf(
  {
    memory: guest,
    firmware: {
      kernelBoot: { container: { image: "kernel:1", kernelPath: "/vmlinuz", initrdPath: "/boot/initrd" } },
    },
    resources: { limits: { memory: "100Mi" } },
  },
  {
    volumes: [
      { name: "root", containerDisk: { image: "disk:1", imagePullPolicy: "Always" } },
      { name: "more", containerDisk: { image: "disk:2", path: "/images/more.qcow2" } },
      { name: "scratch", emptyDisk: { capacity: "1Gi" } },
      { name: "init", cloudInitNoCloud: { secretRef: { name: "user" }, networkDataSecretRef: { name: "net" } } },
    ],
  },
);
const readOnly = true;
const mountsOfDisks = [
  { name: "kernel-boot", mountPath: "/var/run/knvirt/kernel-boot", readOnly },
  { name: "containerdisk-root", mountPath: "/var/run/knvirt/container-disks/root", readOnly },
  { name: "containerdisk-more", mountPath: "/var/run/knvirt/container-disks/more", readOnly },
  { name: "cloudinit-init-user", mountPath: "/var/run/knvirt/secrets/init/user", readOnly },
  { name: "cloudinit-init-network", mountPath: "/var/run/knvirt/secrets/init/network", readOnly },
];
const secretVolumes = [
  { name: "cloudinit-init-user", secret: { secretName: "user" } },
  { name: "cloudinit-init-network", secret: { secretName: "net" } },
];

test("disks and kernels are image volumes, where the launcher looks for them", () => {
  const { spec } = podOf(aVmi({ spec: withDisks }));
  expect(spec.initContainers).toBeUndefined();
  expect(spec.volumes?.slice(4)).toEqual([
    { name: "kernel-boot", image: { reference: "kernel:1" } },
    { name: "containerdisk-root", image: { reference: "disk:1", pullPolicy: "Always" } },
    { name: "containerdisk-more", image: { reference: "disk:2" } },
    ...secretVolumes,
  ]);
  expect(spec.containers[0]?.volumeMounts?.slice(4)).toEqual(mountsOfDisks);
});

test("without image volumes they are copied to the same places", () => {
  const configuration = { developerConfiguration: { disabledFeatureGates: ["ImageVolume"] } };
  const { spec } = podOf(aVmi({ spec: withDisks }), { ...emulated, spec: { configuration } });
  const securityContext = { privileged: false, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
  const common = {
    securityContext,
    resources: { requests: { cpu: "25m", memory: "275Mi" }, limits: { memory: "275Mi" } },
  };
  const copy = (path: string) => ({
    ...common,
    command: ["/knvirt/tools/copy-disk", path, `/knvirt/target${path}`],
    terminationMessagePolicy: "FallbackToLogsOnError",
  });
  const mounts = (name: string) => [
    { name: "tools", mountPath: "/knvirt/tools", readOnly },
    { name, mountPath: "/knvirt/target" },
  ];
  expect(spec.initContainers).toEqual([
    {
      name: "copy-tool",
      image: "example.org/launcher:1",
      command: ["/opt/knvirt/copy-disk", "/opt/knvirt/copy-disk", "/knvirt/tools/copy-disk"],
      ...common,
      volumeMounts: [{ name: "tools", mountPath: "/knvirt/tools" }],
    },
    { name: "kernel-boot", image: "kernel:1", ...copy("/vmlinuz"), volumeMounts: mounts("kernel-boot") },
    { name: "kernel-boot-1", image: "kernel:1", ...copy("/boot/initrd"), volumeMounts: mounts("kernel-boot") },
    {
      name: "containerdisk-root",
      image: "disk:1",
      imagePullPolicy: "Always",
      ...copy("/disk"),
      volumeMounts: mounts("containerdisk-root"),
    },
    {
      name: "containerdisk-more",
      image: "disk:2",
      ...copy("/images/more.qcow2"),
      volumeMounts: mounts("containerdisk-more"),
    },
  ]);
  expect(spec.volumes?.slice(4)).toEqual([
    { name: "kernel-boot", emptyDir: {} },
    { name: "containerdisk-root", emptyDir: {} },
    { name: "containerdisk-more", emptyDir: {} },
    ...secretVolumes,
    { name: "tools", emptyDir: {} },
  ]);
  expect(spec.containers[0]?.volumeMounts?.slice(4)).toEqual(mountsOfDisks);
});

test("a guest without images needs no tool", () => {
  const configuration = { developerConfiguration: { disabledFeatureGates: ["ImageVolume"] } };
  const { spec } = podOf(aVmi(), { ...emulated, spec: { configuration } });
  expect(spec.initContainers).toBeUndefined();
  expect(spec.volumes).toHaveLength(3);
});

/** The rules of pod security "restricted", as Kubernetes checks them. */
test.each([
  { when: "image volumes", disabledFeatureGates: [] },
  { when: "copied images", disabledFeatureGates: ["ImageVolume"] },
])("a pod with $when keeps the rules of restricted pod security", ({ disabledFeatureGates }) => {
  const settingsOf = { ...emulated, spec: { configuration: { developerConfiguration: { disabledFeatureGates } } } };
  const { spec } = podOf(aVmi({ spec: withDisks }), settingsOf);
  expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
  expect(spec.securityContext?.runAsUser).toBeGreaterThan(0);
  for (const { securityContext, ports = [] } of [...(spec.initContainers ?? []), ...spec.containers]) {
    expect(securityContext).toEqual({
      privileged: false,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    expect(ports.every(({ hostPort }) => hostPort === undefined)).toBe(true);
  }
  const kinds = (spec.volumes ?? []).flatMap((volume) => Object.keys(volume).filter((field) => field !== "name"));
  expect(kinds.filter((kind) => !["emptyDir", "image", "secret"].includes(kind))).toEqual([]);
  for (const field of ["hostNetwork", "hostPID", "hostIPC", "serviceAccountName"])
    expect(spec).not.toHaveProperty(field);
});

test("node selector, host name, grace period and ports come from the spec", () => {
  const spec = specOf(
    {
      memory: guest,
      devices: {
        interfaces: [
          {
            name: "n",
            masquerade: {},
            ports: [
              { port: 80, name: "http" },
              { port: 53, protocol: "UDP" },
            ],
          },
        ],
      },
    },
    {
      networks: [{ name: "n", pod: {} }],
      nodeSelector: { disk: "fast", "kubevirt.io/schedulable": "false" },
      hostname: "shop",
      terminationGracePeriodSeconds: 5,
    },
  );
  const pod = launcherPod({
    vmi: aVmi({ spec }),
    claims: [],
    kubevirt: undefined,
    settings: { ...settings, imagePullPolicy: "Never" },
  });
  expect(pod.spec).toMatchObject({
    nodeSelector: { disk: "fast", "kubernetes.io/arch": "amd64", "kubevirt.io/schedulable": "true" },
    hostname: "shop",
    terminationGracePeriodSeconds: 35,
    containers: [
      {
        imagePullPolicy: "Never",
        ports: [
          { name: "http", containerPort: 80, protocol: "TCP" },
          { containerPort: 53, protocol: "UDP" },
        ],
      },
    ],
  });
});
