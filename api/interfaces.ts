// Network interfaces of a VMI.
import { dhcpOptions } from "./dhcp-options.ts";
import { bootOrder, pciAddress } from "./disks.ts";
import { choice, integer, list, object, optional, text } from "./schema.ts";

const port = object("A port of the guest.", {
  name: optional(text("Name.", { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 15 })),
  port: integer("Number.", { minimum: 1, maximum: 65535 }),
  protocol: optional(choice(["TCP", "UDP"], "Protocol; TCP when left out.")),
});

export const networkInterface = object(
  "A network interface of the guest, attached to the network of the same name.",
  {
    name: text("Name, and that of its network.", { pattern: "^[A-Za-z0-9-_]+$", maxLength: 63 }),
    masquerade: optional(
      object(
        "The guest sits behind the pod's address: outgoing connections are translated, listed ports forwarded.",
        {},
      ),
    ),
    model: optional(
      choice(["virtio", "e1000", "e1000e", "ne2k_pci", "pcnet", "rtl8139"], "Device model; virtio when left out."),
    ),
    macAddress: optional(
      text("MAC address of the guest, for example de:ad:00:00:be:af.", {
        pattern: "^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}$",
        maxLength: 17,
      }),
    ),
    ports: optional(
      list(port, "Ports reachable from outside the guest; all of them when the list is empty.", { maxItems: 256 }),
    ),
    bootOrder,
    pciAddress,
    acpiIndex: optional(
      integer("Number by which a guest may name the interface; unique, from 1.", { minimum: 1, maximum: 16383 }),
    ),
    dhcpOptions: optional(dhcpOptions),
    state: optional(choice(["up", "down"], "State of the link; up when left out.")),
  },
  {
    rules: [
      {
        rule: "has(self.masquerade)",
        message: "an interface needs a binding: only masquerade is supported",
        reason: "FieldValueRequired",
        fieldPath: ".masquerade",
      },
      {
        rule: "!has(self.macAddress) || self.macAddress.lowerAscii().replace('-', ':') != '02:00:00:00:00:00'",
        message: "the MAC address 02:00:00:00:00:00 is reserved for the bridge: choose another one",
        fieldPath: ".macAddress",
      },
    ],
  },
);
