// The serial console: a unix socket on which QEMU itself listens, so that no console depends on libvirt or on us.
import type { Conversion } from "./conversion.ts";
import { element, type XmlElement } from "./xml.ts";

export function serialConsole({ vmi, sockets, serialLog }: Conversion): XmlElement[] {
  const { autoattachSerialConsole = true, logSerialConsole = true } = vmi.spec.domain.devices ?? {};
  if (!autoattachSerialConsole) return [];
  return [
    element(
      "serial",
      { type: "unix" },
      element("source", { mode: "bind", path: sockets.serial }),
      ...(logSerialConsole ? [element("log", { file: serialLog, append: "on" })] : []),
      element("target", { type: "isa-serial", port: 0 }),
    ),
  ];
}
