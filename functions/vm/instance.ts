// The instance that a VM's template stands for.
import {
  annotation,
  finalizer,
  uuidV5,
  type VirtualMachine,
  type VirtualMachineInstance,
  type VmiSpec,
  virtualMachineInstances,
} from "@knvirt/api";
import { controllerReference } from "../runtime/owners.ts";

/** KubeVirt's namespace for UUIDs that follow from a VM's name: guests keep theirs when a VM moves between the two. */
const firmwareNamespace = "6a1a24a1-4061-4607-8bf4-a3963d0c5895";

export function instanceOf(vm: VirtualMachine): VirtualMachineInstance {
  const { name, namespace, generation } = vm.metadata;
  const { metadata = {}, spec } = vm.spec.template;
  return {
    apiVersion: "kubevirt.io/v1",
    kind: virtualMachineInstances.kind as VirtualMachineInstance["kind"],
    metadata: {
      name,
      namespace,
      ...(metadata.labels && { labels: metadata.labels }),
      annotations: { ...metadata.annotations, [annotation.vmGeneration]: `${generation}` },
      ownerReferences: [controllerReference(vm)],
      finalizers: [finalizer.vmi],
    },
    spec: withFirmwareUuid(spec, name),
  };
}

function withFirmwareUuid(spec: VmiSpec, name: string): VmiSpec {
  const { firmware } = spec.domain;
  const uuid = firmware?.uuid ?? uuidV5(firmwareNamespace, name);
  return { ...spec, domain: { ...spec.domain, firmware: { ...firmware, uuid } } };
}
