// The screen: a VGA adapter, shown by VNC on a unix socket.
import type { Conversion } from "./conversion.ts";
import { element, type XmlElement } from "./xml.ts";

const videoMemoryKib = 16384;

export function graphics({ vmi, sockets }: Conversion): XmlElement[] {
  if (vmi.spec.domain.devices?.autoattachGraphicsDevice === false) return [];
  return [
    element("graphics", { type: "vnc" }, element("listen", { type: "socket", socket: sockets.vnc })),
    element("video", {}, element("model", { type: "vga", vram: videoMemoryKib, heads: 1, primary: "yes" })),
  ];
}
