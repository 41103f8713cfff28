// The channel on which an agent in the guest listens. libvirt chooses the socket, in its own directory, and is the only
// one that connects to it.
import { element, type XmlElement } from "./xml.ts";

/** By it both sides know the channel. */
export const agentChannelName = "org.qemu.guest_agent.0";

export const guestAgent = (): XmlElement[] => [
  element("channel", { type: "unix" }, element("target", { type: "virtio", name: agentChannelName })),
];
