// Network interfaces: each is a tap device that the node executor made ready.
import { interfacesOf, type NetworkInterface, queuesOf } from "@knvirt/api";
import type { PodInterface } from "@knvirt/proto";
import { alias, type Conversion, pciAddress, unsupported, virtioModel } from "./conversion.ts";
import { element, type XmlElement } from "./xml.ts";

export const networkInterfaces = (conversion: Conversion): XmlElement[] =>
  interfacesOf(conversion.vmi.spec).map((given) => {
    const prepared = conversion.interfaces.find(({ name }) => name === given.name);
    if (!prepared) throw unsupported(conversion, `interface ${given.name} was not prepared on the node`);
    return networkInterface(conversion, given, prepared);
  });

function networkInterface(conversion: Conversion, given: NetworkInterface, prepared: PodInterface): XmlElement {
  const { name, model = "virtio", bootOrder, state, acpiIndex } = given;
  const queues = queuesOf(conversion.vmi.spec, given);
  return element(
    "interface",
    { type: "ethernet" },
    element("mac", { address: prepared.mac }),
    element("target", { dev: prepared.tap, managed: "no" }),
    element("model", { type: model === "virtio" ? virtioModel(conversion) : model }),
    ...(queues > 1 ? [element("driver", { queues })] : []),
    ...(prepared.mtu ? [element("mtu", { size: prepared.mtu })] : []),
    ...(bootOrder ? [element("boot", { order: bootOrder })] : [element("rom", { enabled: "no" })]),
    ...(state === "down" ? [element("link", { state })] : []),
    alias(name),
    ...(acpiIndex ? [element("acpi", { index: acpiIndex })] : []),
    ...pciAddress(given.pciAddress),
  );
}
