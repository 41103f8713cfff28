// What the launcher pod asks of its node: the user's own words first, else what follows from the guest.
import { deviceResource, guestMemoryOf, interfacesOf, usesEmulation, type VmiSpec, vcpusOf } from "@knvirt/api";
import { formatBytes, formatMilli, parseQuantity, type ResourceRequirements } from "@knvirt/kubernetes";
import type { Observed } from "./observed.ts";
import { memoryOverheadOf } from "./overhead.ts";

/** Guests share CPUs, and most idle: each virtual one asks for a fortieth, where upstream asks for a tenth. An idle
 * guest with its launcher uses less than that; with a tenth, twenty of them would fill two CPUs without using them. */
const milliPerVcpu = 25;

export function launcherResources({
  vmi: { spec },
  kubevirt,
  vmi,
}: Pick<Observed, "vmi" | "kubevirt">): Required<ResourceRequirements> {
  const { requests, limits } = spec.domain.resources ?? {};
  const overhead = memoryOverheadOf(vmi, kubevirt);
  const withOverhead = (bytes: number): string => formatBytes(bytes + overhead);
  const asked = requests?.memory ?? limits?.memory;
  const memory = asked === undefined ? guestMemoryOf(spec) : parseQuantity(asked);
  const devices = deviceLimits(spec, kubevirt);
  return {
    requests: {
      cpu: String(requests?.cpu ?? limits?.cpu ?? formatMilli(vcpusOf(spec) * milliPerVcpu)),
      ...(memory !== undefined && { memory: withOverhead(memory) }),
      ...devices,
    },
    limits: {
      ...(limits?.cpu !== undefined && { cpu: String(limits.cpu) }),
      ...(limits?.memory !== undefined && { memory: withOverhead(parseQuantity(limits.memory)) }),
      ...devices,
    },
  };
}

/** Devices are requested and limited alike: Kubernetes does not share them. */
const deviceLimits = (spec: VmiSpec, kubevirt: Observed["kubevirt"]): Record<string, string> => ({
  ...(!usesEmulation(kubevirt) && { [deviceResource.kvm]: "1" }),
  ...(interfacesOf(spec).length > 0 && { [deviceResource.tun]: "1" }),
});
