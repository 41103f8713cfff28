// What runs each guest.
import { isRunning } from "@knvirt/api";
import { hasEnded } from "../domain.ts";
import { gauge, type Instance } from "./metric.ts";

/** A map, not an object: the type comes from the launcher, whose guest may have broken out and say anything. */
const hypervisors: ReadonlyMap<string, string> = new Map([
  ["kvm", "kvm"],
  ["qemu", "qemu-tcg"],
]);

/** The pod may have ended, and the domain with it, a moment before the status says so: nothing runs the guest then. */
const isLive = ({ vmi, pod, domain }: Instance): boolean =>
  isRunning(vmi) && pod !== undefined && !(domain && hasEnded(domain));

/** Computed at the scrape from what runs then: nothing to count up, reset or leak. */
export const hypervisorInfo = gauge<Instance>({
  name: "kubevirt_vmi_hypervisor_info",
  help: "Hypervisor that runs the VMI: kvm, qemu-tcg or unknown. Always 1.",
  gate: "HypervisorInfoMetric",
  of: ({ instances }) => instances.filter(isLive),
  labels: {
    node: ({ node }) => node,
    namespace: ({ vmi }) => vmi.metadata.namespace,
    name: ({ vmi }) => vmi.metadata.name,
    // The type in the live domain XML, not the wish in the spec.
    hypervisor: ({ domain }) => hypervisors.get(domain?.domainType ?? "") ?? "unknown",
  },
  value: () => 1,
});
