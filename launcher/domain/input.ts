// Input devices: a tablet knows where the pointer is, so that it stays under that of whoever looks at the screen.
import type { VmiSpec } from "@knvirt/api";
import { alias, type Conversion } from "./conversion.ts";
import { element, type XmlElement } from "./xml.ts";

interface Input {
  name: string;
  bus: "usb" | "virtio";
  type: "tablet" | "keyboard";
}

export function inputsOf({ domain }: VmiSpec): Input[] {
  const { inputs = [], autoattachInputDevice } = domain.devices ?? {};
  const given = inputs.length === 0 && autoattachInputDevice ? [{ name: "default-0" }] : inputs;
  return given.map((input) => ({ bus: "usb", type: "tablet", ...input }));
}

export const inputs = ({ vmi }: Conversion): XmlElement[] =>
  inputsOf(vmi.spec).map(({ name, bus, type }) =>
    element("input", { type, bus, model: bus === "virtio" ? "virtio" : undefined }, alias(name)),
  );
