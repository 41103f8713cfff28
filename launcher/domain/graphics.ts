// The screen: a graphics adapter, shown by VNC on a unix socket.
import type { Conversion } from "./conversion.ts";
import { element, type XmlElement } from "./xml.ts";

/** Only these two ask how much memory they have. */
const videoMemoryKib: Partial<Record<string, number>> = { vga: 16384, bochs: 16384 };

export function graphics({ vmi, sockets }: Conversion): XmlElement[] {
  const { devices, firmware } = vmi.spec.domain;
  if (devices?.autoattachGraphicsDevice === false) return [];
  const type = devices?.video?.type ?? (firmware?.bootloader?.efi ? "bochs" : "vga");
  return [
    element("graphics", { type: "vnc" }, element("listen", { type: "socket", socket: sockets.vnc })),
    element("video", {}, element("model", { type, vram: videoMemoryKib[type], heads: 1, primary: "yes" })),
  ];
}
