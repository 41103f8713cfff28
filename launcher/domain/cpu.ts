// The model of the guest's processors, their number and how they are grouped.
import { cpuTopologyOf, vcpusOf } from "@knvirt/api";
import type { Conversion } from "./conversion.ts";
import { element, textElement, type XmlElement } from "./xml.ts";

export const vcpus = ({ vmi }: Conversion): XmlElement[] => [
  textElement("vcpu", vcpusOf(vmi.spec), { placement: "static" }),
];

/** The host's processor has no meaning under emulation: there it stands for all that the emulator offers. */
export function cpu({ vmi, domainType }: Conversion): XmlElement[] {
  const { sockets, cores, threads } = cpuTopologyOf(vmi.spec);
  const topology = element("topology", { sockets, dies: 1, cores, threads });
  const { model = "host-model" } = vmi.spec.domain.cpu ?? {};
  const ofHost = model === "host-model" || model === "host-passthrough";
  if (ofHost && domainType === "kvm") return [element("cpu", { mode: model }, topology)];
  if (ofHost) return [element("cpu", { mode: "maximum" }, topology)];
  return [
    element("cpu", { mode: "custom", match: "exact" }, textElement("model", model, { fallback: "forbid" }), topology),
  ];
}
