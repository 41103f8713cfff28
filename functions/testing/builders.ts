// Objects for tests: a valid one of each kind, with what the test is about laid over it.
import type { KubeVirt, RunStrategy, VirtualMachine, VirtualMachineInstance, VmiPhase, VmiSpec } from "@knvirt/api";
import { finalizer, label, launcherApp, launcherPodName } from "@knvirt/api";
import type { Condition, ObjectMeta, Pod, PodStatus } from "@knvirt/kubernetes";

/** A time of one fixed day. */
export const at = (time: string): Date => new Date(`2026-01-02T${time}Z`);

type Meta = Partial<ObjectMeta>;

interface VmWishes {
  metadata?: Meta;
  runStrategy?: RunStrategy;
  spec?: Partial<VirtualMachine["spec"]>;
  template?: VmiSpec;
  status?: VirtualMachine["status"];
}

const plainSpec: VmiSpec = { domain: { memory: { guest: "64Mi" } } };

export const aVm = ({
  metadata,
  runStrategy,
  spec,
  template = plainSpec,
  status,
}: VmWishes = {}): VirtualMachine => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: {
    name: "web",
    namespace: "default",
    uid: "vm-uid",
    generation: 1,
    resourceVersion: "1",
    finalizers: [finalizer.vm],
    ...metadata,
  },
  spec: { ...(runStrategy && { runStrategy }), template: { spec: template }, ...spec },
  ...(status && { status }),
});

interface VmiWishes {
  metadata?: Meta;
  phase?: VmiPhase;
  spec?: VmiSpec;
  conditions?: Condition[];
  status?: VirtualMachineInstance["status"];
}

const ownedByVm = { apiVersion: "kubevirt.io/v1", kind: "VirtualMachine", name: "web", uid: "vm-uid" };

export const aVmi = (wishes: VmiWishes = {}): VirtualMachineInstance => {
  const { metadata, phase, spec = plainSpec, conditions, status } = wishes;
  const told = { ...(phase && { phase }), ...(conditions && { conditions }), ...status };
  return {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachineInstance",
    metadata: {
      name: "web",
      namespace: "default",
      uid: "vmi-uid",
      resourceVersion: "2",
      creationTimestamp: "2026-01-02T11:59:00Z",
      ownerReferences: [{ ...ownedByVm, controller: true, blockOwnerDeletion: true }],
      finalizers: [finalizer.vmi],
      ...metadata,
    },
    spec,
    ...(Object.keys(told).length > 0 && { status: told }),
  };
};

interface PodWishes {
  metadata?: Meta;
  spec?: Partial<Pod["spec"]>;
  status?: PodStatus;
}

export const ownedByVmi = {
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachineInstance",
  name: "web",
  uid: "vmi-uid",
  controller: true,
  blockOwnerDeletion: true,
};

export const aPod = ({ metadata, spec, status }: PodWishes = {}): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: launcherPodName("web"),
    namespace: "default",
    uid: "pod-uid",
    resourceVersion: "3",
    creationTimestamp: "2026-01-02T11:59:01Z",
    labels: { [label.app]: launcherApp },
    ownerReferences: [ownedByVmi],
    ...metadata,
  },
  spec: { containers: [], nodeName: "node-1", ...spec },
  ...(status && { status }),
});

/** A pod's status whose container compute is in this state. */
export const computeIs = (state: NonNullable<PodStatus["containerStatuses"]>[number]["state"], rest?: PodStatus) => ({
  ...rest,
  containerStatuses: [
    { name: "compute", ready: false, restartCount: 0, image: "", imageID: "", ...(state && { state }) },
  ],
});

/** Settings of an installation whose guests are emulated. */
export const emulated: KubeVirt = {
  apiVersion: "kubevirt.io/v1",
  kind: "KubeVirt",
  metadata: { name: "kubevirt", namespace: "kubevirt" },
  spec: { configuration: { developerConfiguration: { useEmulation: true } } },
};
