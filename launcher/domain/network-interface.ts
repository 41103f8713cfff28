// Network interfaces: each is a tap device that the node executor made ready.
import { interfacesOf } from "@knvirt/api";
import { alias, type Conversion, unsupported, virtioModel } from "./conversion.ts";
import { element, type XmlElement } from "./xml.ts";

export function networkInterfaces(conversion: Conversion): XmlElement[] {
  return interfacesOf(conversion.vmi.spec).map(({ name, model = "virtio", bootOrder }) => {
    const prepared = conversion.interfaces.find((candidate) => candidate.name === name);
    if (!prepared) throw unsupported(conversion, `interface ${name} was not prepared on the node`);
    return element(
      "interface",
      { type: "ethernet" },
      element("mac", { address: prepared.mac }),
      element("target", { dev: prepared.tap, managed: "no" }),
      element("model", { type: model === "virtio" ? virtioModel : model }),
      ...(prepared.mtu ? [element("mtu", { size: prepared.mtu })] : []),
      ...(bootOrder ? [element("boot", { order: bootOrder })] : [element("rom", { enabled: "no" })]),
      alias(name),
    );
  });
}
