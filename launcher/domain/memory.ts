// How much memory the guest has, and which pages of the host it is made of.
import { guestMemoryOf, hugepageSizeOf, type VirtualMachineInstance } from "@knvirt/api";
import { parseQuantity } from "@knvirt/kubernetes";
import { LauncherError } from "../errors.ts";
import { type Conversion, vmiText } from "./conversion.ts";
import { element, textElement, type XmlElement } from "./xml.ts";

export function memory({ vmi }: Conversion): XmlElement[] {
  const bytes = guestMemoryOf(vmi.spec);
  if (!bytes || bytes < 0)
    throw invalid(vmi, `has no memory: found ${bytes ?? "nothing"}, set spec.domain.memory.guest`);
  return [...maxMemory(vmi, bytes), textElement("memory", bytes, { unit: "b" }), ...backing(vmi, bytes)];
}

const invalid = (vmi: VirtualMachineInstance, what: string): LauncherError =>
  new LauncherError("InvalidMemory", `${vmiText(vmi)} ${what}`);

/** Room for more memory than there is; libvirt wants to know of a slot for it too. */
function maxMemory(vmi: VirtualMachineInstance, guest: number): XmlElement[] {
  const asked = vmi.spec.domain.memory?.maxGuest;
  const max = asked === undefined ? guest : parseQuantity(asked);
  if (max < guest)
    throw invalid(vmi, `has more memory than it has room for: memory.maxGuest is ${asked}, guest ${guest}`);
  return max > guest ? [textElement("maxMemory", max, { unit: "b", slots: 1 })] : [];
}

/** Anonymous memory of the size asked for: so no file system of huge pages has to be there. */
function backing(vmi: VirtualMachineInstance, guest: number): XmlElement[] {
  const size = hugepageSizeOf(vmi.spec);
  if (size === undefined) return [];
  if (guest % size !== 0)
    throw invalid(vmi, `has memory that is no multiple of its pages: found ${guest} bytes in pages of ${size}`);
  return [
    element(
      "memoryBacking",
      {},
      element("hugepages", {}, element("page", { size, unit: "b" })),
      element("source", { type: "memfd" }),
    ),
  ];
}

/** The one cell that all processors and all memory belong to; libvirt has pages and room for more by cell only. */
export function memoryCell(vmi: VirtualMachineInstance, processors: number): XmlElement[] {
  const { maxGuest } = vmi.spec.domain.memory ?? {};
  if (hugepageSizeOf(vmi.spec) === undefined && maxGuest === undefined) return [];
  const memory = guestMemoryOf(vmi.spec);
  const cpus = processors === 1 ? "0" : `0-${processors - 1}`;
  return [element("numa", {}, element("cell", { id: 0, cpus, memory, unit: "b" }))];
}
