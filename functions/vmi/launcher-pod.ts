// The pod that runs a VMI: unprivileged, restarted by nobody, named after its VMI.
import {
  annotation,
  graceSecondsOf,
  hostnameOf,
  interfacesOf,
  label,
  launcherContainer,
  launcherEnvironment,
  launcherPodName,
  launcherUser,
  type VirtualMachineInstance,
} from "@knvirt/api";
import type { Container, Pod } from "@knvirt/kubernetes";
import { controllerReference } from "../runtime/owners.ts";
import { copyContainers, toolVolumes, unprivileged } from "./copied-images.ts";
import type { Observed } from "./observed.ts";
import { memoryOverheadOf } from "./overhead.ts";
import { launcherResources } from "./resources.ts";
import { type MountedVolume, mountedVolumes } from "./volumes.ts";

/** Beyond the guest's own grace: time to destroy a guest that did not end, and to put things away. */
const extraGraceSeconds = 30;

type Launching = Pick<Observed, "vmi" | "kubevirt" | "settings">;

export function launcherPod(launching: Launching): Pod {
  const { vmi, settings } = launching;
  const { spec } = vmi;
  const volumes = mountedVolumes(launching);
  const container = compute(launching, volumes);
  const initContainers = copyContainers({ volumes, settings, resources: launcherResources(launching) });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: podMetadata(launching),
    spec: {
      nodeSelector: { ...spec.nodeSelector, [label.schedulable]: "true" },
      restartPolicy: "Never",
      terminationGracePeriodSeconds: graceSecondsOf(spec) + extraGraceSeconds,
      hostname: hostnameOf(vmi),
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsUser: launcherUser,
        runAsGroup: launcherUser,
        runAsNonRoot: true,
        fsGroup: launcherUser,
        seccompProfile: { type: "RuntimeDefault" },
      },
      ...(initContainers.length > 0 && { initContainers }),
      containers: [container],
      volumes: [...volumes.map(({ volume }) => volume), ...toolVolumes(volumes)],
    },
  };
}

function podMetadata({ vmi, kubevirt }: Launching): Pod["metadata"] {
  const { name, namespace, uid = "", labels } = vmi.metadata;
  return {
    name: launcherPodName(name),
    namespace,
    labels: {
      ...labels,
      [label.app]: "virt-launcher",
      [label.createdBy]: uid,
      [label.vmName]: hostnameOf(vmi),
    },
    annotations: {
      ...inheritedAnnotations(vmi),
      [annotation.domain]: name,
      [annotation.defaultContainer]: launcherContainer,
      [annotation.memoryOverheadBytes]: `${memoryOverheadOf(vmi, kubevirt)}`,
    },
    ownerReferences: [controllerReference(vmi)],
  };
}

/** What kubectl notes about the VMI is not true of the pod. */
const inheritedAnnotations = ({ metadata }: VirtualMachineInstance): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([key]) => !key.startsWith("kubectl.kubernetes.io")),
  );

function compute({ vmi, kubevirt, settings }: Launching, volumes: MountedVolume[]): Container {
  const ports = portsOf(vmi);
  return {
    name: launcherContainer,
    image: settings.image,
    ...(settings.imagePullPolicy && { imagePullPolicy: settings.imagePullPolicy }),
    env: environmentOf(vmi),
    ...(ports.length > 0 && { ports }),
    resources: launcherResources({ vmi, kubevirt }),
    securityContext: unprivileged,
    volumeMounts: volumes.map(({ volume, mountPath, readOnly }) => ({
      name: volume.name,
      mountPath,
      ...(readOnly && { readOnly }),
    })),
  };
}

const environmentOf = ({ metadata, spec }: VirtualMachineInstance): NonNullable<Container["env"]> => [
  { name: launcherEnvironment.namespace, value: metadata.namespace },
  { name: launcherEnvironment.name, value: metadata.name },
  { name: launcherEnvironment.uid, value: metadata.uid ?? "" },
  { name: launcherEnvironment.graceSeconds, value: `${graceSecondsOf(spec)}` },
];

const portsOf = ({ spec }: VirtualMachineInstance): NonNullable<Container["ports"]> =>
  interfacesOf(spec).flatMap(({ ports = [] }) =>
    ports.map(({ name, port, protocol = "TCP" }) => ({ ...(name && { name }), containerPort: port, protocol })),
  );
