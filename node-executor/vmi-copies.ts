// The instances of this node as known here: from the watch, from our own reads, and from answers to our own writes.
import { type VirtualMachineInstance, virtualMachineInstances } from "@knvirt/api";
import { type Change, type Client, type Key, keyOf, keyText } from "@knvirt/kubernetes";

export interface VmiCopies {
  get(key: Key): VirtualMachineInstance | undefined;
  all(): VirtualMachineInstance[];
  /** True when the watch tells of its changes; a copy of our own reads grows old. */
  isFollowed(key: Key): boolean;
  /** Reads it from the API server and keeps that. */
  fetch(key: Key): Promise<VirtualMachineInstance | undefined>;
  keep(vmi: VirtualMachineInstance): void;
  forget(key: Key): void;
  /** For the watch. */
  onChange(change: Change<VirtualMachineInstance>): void;
}

export function vmiCopies(client: Client): VmiCopies {
  const copies = new Map<string, VirtualMachineInstance>();
  const followed = new Set<string>();
  const keep = (vmi: VirtualMachineInstance): void => {
    const key = keyText(keyOf(vmi));
    if (isNewer(vmi, copies.get(key))) copies.set(key, vmi);
  };
  return {
    get: (key) => copies.get(keyText(key)),
    all: () => [...copies.values()],
    isFollowed: (key) => followed.has(keyText(key)),
    keep,
    fetch: async (key) => {
      const vmi = await client.find(virtualMachineInstances, key);
      if (vmi) keep(vmi);
      else copies.delete(keyText(key));
      return vmi && copies.get(keyText(key));
    },
    forget: (key) => {
      if (!followed.has(keyText(key))) copies.delete(keyText(key));
    },
    onChange: ({ type, object }) => {
      const key = keyText(keyOf(object));
      if (type === "deleted") {
        followed.delete(key);
        copies.delete(key);
      } else {
        followed.add(key);
        keep(object);
      }
    },
  };
}

/**
 * The watch may bring a state from before our own write. Resource versions of one resource are comparable as numbers
 * (Kubernetes 1.35); where they are not numbers, what arrives last counts.
 */
function isNewer(vmi: VirtualMachineInstance, kept: VirtualMachineInstance | undefined): boolean {
  if (kept?.metadata.uid !== vmi.metadata.uid) return true;
  const [next, last] = [vmi.metadata.resourceVersion ?? "", kept?.metadata.resourceVersion ?? ""];
  return !/^\d+$/.test(next) || !/^\d+$/.test(last) || BigInt(next) >= BigInt(last);
}
