// What status shows of the guest itself, as its network and its agent tell of it.
import { choice, integer, list, object, optional, text } from "./schema.ts";

export const interfaceStatus = object("A network interface as it runs.", {
  name: optional(text("Name of the interface in the spec; absent where only the guest knows it.")),
  interfaceName: optional(text("Name of the interface in the guest.")),
  ipAddress: optional(text("First address at which it is reached from outside.")),
  ipAddresses: optional(list(text("Address."), "Addresses at which it is reached from outside.")),
  mac: optional(text("MAC address in the guest.")),
  podInterfaceName: optional(text("The pod's interface behind it.")),
  infoSource: optional(text("Who told: domain, guest-agent.")),
  linkState: optional(choice(["up", "down"], "State of the link.")),
  queueCount: optional(integer("Number of queues.")),
});

export const guestOsInfo = object("Operating system of the guest, as its agent tells.", {
  name: optional(text("Name, such as Debian GNU/Linux.")),
  kernelRelease: optional(text("Release of the kernel.")),
  version: optional(text("Version with its name.")),
  prettyName: optional(text("Name and version as people read it.")),
  versionId: optional(text("Number of the version.")),
  kernelVersion: optional(text("Version of the kernel's build.")),
  machine: optional(text("Architecture.")),
  id: optional(text("Identifier of the system, such as debian.")),
});

export const fsFreezeStatus = text("frozen while the guest's file systems are; absent otherwise.");
