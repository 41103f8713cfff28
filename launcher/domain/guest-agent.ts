// The channel on which an agent in the guest listens. libvirt chooses the socket.
import { element, type XmlElement } from "./xml.ts";

export const guestAgent = (): XmlElement[] => [
  element("channel", { type: "unix" }, element("target", { type: "virtio", name: "org.qemu.guest_agent.0" })),
];
