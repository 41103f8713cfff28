// What the launcher pod asks of its node: the user's own words first, else what follows from the guest.
import { deviceResource, guestMemoryOf, interfacesOf, usesEmulation, type VmiSpec, vcpusOf } from "@knvirt/api";
import { formatBytes, formatMilli, parseQuantity, type ResourceRequirements } from "@knvirt/kubernetes";
import { hugepageBytesOf, hugepageResources } from "./hugepages.ts";
import type { Observed } from "./observed.ts";
import { memoryOverheadOf } from "./overhead.ts";

/** Guests share CPUs, and most idle: each virtual one asks for a fortieth, where upstream asks for a tenth. An idle
 * guest with its launcher uses less than that; with a tenth, twenty of them would fill two CPUs without using them. */
const milliPerVcpu = 25;
/** Logs of the launcher and what libvirt keeps, beside the guest's own disks. */
const ephemeralBytes = 50_000_000;

type Quantities = NonNullable<NonNullable<VmiSpec["domain"]["resources"]>["requests"]>;

export function launcherResources({
  vmi,
  kubevirt,
}: Pick<Observed, "vmi" | "kubevirt">): Required<ResourceRequirements> {
  const { requests = {}, limits = {} } = vmi.spec.domain.resources ?? {};
  const overhead = memoryOverheadOf(vmi, kubevirt);
  const devices = { ...deviceLimits(vmi.spec, kubevirt), ...hugepageResources(vmi.spec) };
  return {
    requests: {
      ...passedOn(requests),
      cpu: cpuRequest(vmi.spec),
      ...memoryRequest(vmi.spec, overhead),
      ...devices,
    },
    limits: {
      ...passedOn(limits),
      ...(limits.cpu !== undefined && { cpu: String(limits.cpu) }),
      ...(limits.memory !== undefined && { memory: formatBytes(ordinaryBytes(vmi.spec, limits.memory) + overhead) }),
      ...devices,
    },
  };
}

function cpuRequest(spec: VmiSpec): string {
  const { requests, limits } = spec.domain.resources ?? {};
  return String(requests?.cpu ?? limits?.cpu ?? formatMilli(vcpusOf(spec) * milliPerVcpu));
}

/** Whoever overcommits the overhead is scheduled by the guest's own memory alone; the limit has room for both. */
function memoryRequest(spec: VmiSpec, overhead: number): { memory?: string } {
  const { requests, limits, overcommitGuestOverhead } = spec.domain.resources ?? {};
  const asked = requests?.memory ?? limits?.memory;
  const amount = asked ?? guestMemoryOf(spec);
  if (amount === undefined) return {};
  const memory = ordinaryBytes(spec, amount);
  return { memory: formatBytes(overcommitGuestOverhead ? memory : memory + overhead) };
}

/** Without what huge pages hold; more than that is asked for by users who know of more. */
const ordinaryBytes = (spec: VmiSpec, amount: string | number): number =>
  Math.max(0, parseQuantity(amount) - hugepageBytesOf(spec));

/** Everything else that a node has to give; ephemeral storage with what the launcher itself writes. */
function passedOn({ cpu: _cpu, memory: _memory, ...others }: Quantities): Record<string, string> {
  return Object.fromEntries(
    Object.entries(others).map(([name, amount]) => [
      name,
      name === "ephemeral-storage" ? String(parseQuantity(amount) + ephemeralBytes) : String(amount),
    ]),
  );
}

/** Devices are requested and limited alike: Kubernetes does not share them. */
const deviceLimits = (spec: VmiSpec, kubevirt: Observed["kubevirt"]): Record<string, string> => ({
  ...(!usesEmulation(kubevirt) && { [deviceResource.kvm]: "1" }),
  ...(interfacesOf(spec).length > 0 && { [deviceResource.tun]: "1" }),
});
