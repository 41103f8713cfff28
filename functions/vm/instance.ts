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
import { controllerReference } from "@knvirt/kubernetes";
import { pausedStartRequested } from "./requests.ts";

/** KubeVirt's namespace for UUIDs of guests whose template gives none. */
const firmwareNamespace = "6a1a24a1-4061-4607-8bf4-a3963d0c5895";

export function instanceOf(vm: VirtualMachine): VirtualMachineInstance {
  const { name, namespace, generation } = vm.metadata;
  const { metadata = {} } = vm.spec.template;
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
    spec: { ...specOf(vm), ...(pausedStartRequested(vm) && { startStrategy: "Paused" }) },
  };
}

/** The template's spec with the identity of the guest, which is the same after every restart: that of the VM object, for
 * two VMs of one name in two namespaces are two machines. */
export function specOf({ metadata: { uid = "" }, spec: { template } }: VirtualMachine): VmiSpec {
  const { domain } = template.spec;
  const uuid = domain.firmware?.uuid ?? uuidV5(firmwareNamespace, uid);
  return { ...template.spec, domain: { ...domain, firmware: { ...domain.firmware, uuid } } };
}
