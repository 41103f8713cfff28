// The model of the guest's processors, their number and how they are grouped.
import { cpuTopologyOf, type VirtualMachineInstance, vcpusOf } from "@knvirt/api";
import type { Conversion } from "./conversion.ts";
import { memoryCell } from "./memory.ts";
import { element, textElement, type XmlElement } from "./xml.ts";

/** Room for more sockets than there are: the first ones are filled, and their processors are not taken out. */
export function vcpus({ vmi }: Conversion): XmlElement[] {
  const present = vcpusOf(vmi.spec);
  const room = roomOf(vmi);
  const total = textElement("vcpu", room, { placement: "static", current: room > present ? present : undefined });
  if (room === present) return [total];
  const { cores, threads } = cpuTopologyOf(vmi.spec);
  const ids = Array.from({ length: room }, (_, id) =>
    element("vcpu", {
      id,
      enabled: id < present ? "yes" : "no",
      hotpluggable: id < cores * threads ? "no" : "yes",
    }),
  );
  return [total, element("vcpus", {}, ...ids)];
}

function roomOf({ spec }: VirtualMachineInstance): number {
  const { sockets, cores, threads } = cpuTopologyOf(spec);
  return Math.max(sockets, spec.domain.cpu?.maxSockets ?? 0) * cores * threads;
}

export function cpu(conversion: Conversion): XmlElement[] {
  const { vmi } = conversion;
  const { cores, threads } = cpuTopologyOf(vmi.spec);
  const room = roomOf(vmi);
  const topology = element("topology", { sockets: room / cores / threads, dies: 1, cores, threads });
  const { attributes, children } = modelOf(conversion);
  return [element("cpu", attributes, ...children, topology, ...featuresOf(vmi), ...memoryCell(vmi, room))];
}

interface Model {
  attributes: Record<string, string>;
  children: XmlElement[];
}

const modelNameOf = ({ spec }: VirtualMachineInstance): string => spec.domain.cpu?.model ?? "host-model";
const isOfHost = (model: string): boolean => model === "host-model" || model === "host-passthrough";

/** The host's processor has no meaning under emulation: there it stands for all that the emulator offers. */
function modelOf({ vmi, domainType }: Conversion): Model {
  const model = modelNameOf(vmi);
  if (isOfHost(model)) return { attributes: { mode: domainType === "kvm" ? model : "maximum" }, children: [] };
  return {
    attributes: { mode: "custom", match: "exact" },
    children: [textElement("model", model, { fallback: "forbid" })],
  };
}

/** Named models of some generations have MPX, which newer hosts have not: as upstream, it is taken out of them. */
function featuresOf(vmi: VirtualMachineInstance): XmlElement[] {
  const given = vmi.spec.domain.cpu?.features ?? [];
  const wantsMpx = isOfHost(modelNameOf(vmi)) || given.some(({ name }) => name === "mpx");
  const all = wantsMpx ? given : [...given, { name: "mpx", policy: "disable" as const }];
  return all.map(({ name, policy }) => element("feature", { name, policy: policy || "require" }));
}
