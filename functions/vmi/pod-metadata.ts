// What the launcher pod is called and labelled: the VMI's own labels and annotations, and those that tools look for.
import {
  annotation,
  hostnameOf,
  label,
  labelValueOf,
  launcherApp,
  launcherContainer,
  launcherPodName,
  type VirtualMachineInstance,
} from "@knvirt/api";
import { controllerReference, type Pod } from "@knvirt/kubernetes";
import { diskAnnotation } from "./disk-volumes.ts";
import type { Observed } from "./observed.ts";
import { memoryOverheadOf } from "./overhead.ts";

export function podMetadata({
  vmi,
  claims,
  kubevirt,
}: Pick<Observed, "vmi" | "claims" | "kubevirt">): Pod["metadata"] {
  const { name, namespace, uid = "", labels } = vmi.metadata;
  return {
    name: launcherPodName(name),
    namespace,
    labels: {
      ...labels,
      ...meshLabel(vmi),
      [label.app]: launcherApp,
      [label.createdBy]: uid,
      [label.vmName]: hostnameOf(vmi),
      [label.vmiId]: labelValueOf(name),
    },
    annotations: {
      ...inheritedAnnotations(vmi),
      ...diskAnnotation({ vmi, claims }),
      [annotation.domain]: name,
      [annotation.defaultContainer]: launcherContainer,
      [annotation.memoryOverheadBytes]: `${memoryOverheadOf(vmi, kubevirt)}`,
    },
    ownerReferences: [controllerReference(vmi)],
  };
}

/** Istio looks for a label where it looked for an annotation before. */
function meshLabel({ metadata }: VirtualMachineInstance): Record<string, string> {
  const wish = metadata.annotations?.[istioInjection];
  return wish === undefined ? {} : { [istioInjection]: wish };
}

const istioInjection = "sidecar.istio.io/inject";

/** What kubectl and the API note about the VMI is not true of the pod; what the executor obeys nobody else says. */
const ofTheVmiAlone = [
  "kubectl.kubernetes.io",
  "kubevirt.io/latest-observed-api-version",
  "kubevirt.io/storage-observed-api-version",
  annotation.diskBytes,
];

const inheritedAnnotations = ({ metadata }: VirtualMachineInstance): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(
      ([key]) => !ofTheVmiAlone.some((prefix) => key.startsWith(prefix)),
    ),
  );
