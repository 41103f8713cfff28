// Hyper-V's enlightenments, which are KVM's: a guest by emulation goes without. What one needs is turned on with it.
import { hypervNeeds, type VmiSpec } from "@knvirt/api";
import { isOn } from "./conversion.ts";
import { element, type XmlElement } from "./xml.ts";

type Features = NonNullable<VmiSpec["domain"]["features"]>;
type Hyperv = NonNullable<Features["hyperv"]>;
type Name = keyof Hyperv;

const spinlockRetries = 4096;

/** libvirt's name of each, in its order, and what goes into the element beside the state. */
const enlightenments: Record<Name, { name: string; details?: (given: Hyperv) => Details }> = {
  relaxed: { name: "relaxed" },
  vapic: { name: "vapic" },
  spinlocks: {
    name: "spinlocks",
    details: ({ spinlocks }) => ({ attributes: { retries: spinlocks?.spinlocks ?? spinlockRetries } }),
  },
  vpindex: { name: "vpindex" },
  runtime: { name: "runtime" },
  synic: { name: "synic" },
  synictimer: {
    name: "stimer",
    details: ({ synictimer }) => (isOn(synictimer?.direct) ? { children: [element("direct", { state: "on" })] } : {}),
  },
  reset: { name: "reset" },
  vendorid: { name: "vendor_id", details: ({ vendorid }) => ({ attributes: { value: vendorid?.vendorid ?? "" } }) },
  frequencies: { name: "frequencies" },
  reenlightenment: { name: "reenlightenment" },
  tlbflush: { name: "tlbflush" },
  ipi: { name: "ipi" },
  evmcs: { name: "evmcs" },
};

interface Details {
  attributes?: Record<string, string | number>;
  children?: XmlElement[];
}

export function hyperv({ hyperv: given, hypervPassthrough }: Features): XmlElement[] {
  if (hypervPassthrough?.enabled) return [element("hyperv", { mode: "passthrough" })];
  if (!given) return [];
  const needed = new Set(
    Object.entries(hypervNeeds).flatMap(([name, others]): readonly Name[] =>
      isOn(given[name as Name]) ? others : [],
    ),
  );
  const children = (Object.keys(enlightenments) as Name[]).flatMap((name) => {
    const isWanted = given[name] !== undefined;
    if (!isWanted && !needed.has(name)) return [];
    if (isWanted && !isOn(given[name])) return [element(enlightenments[name].name, { state: "off" })];
    const { attributes, children = [] } = enlightenments[name].details?.(given) ?? {};
    return [element(enlightenments[name].name, { state: "on", ...attributes }, ...children)];
  });
  return children.length > 0 ? [element("hyperv", { mode: "custom" }, ...children)] : [];
}
