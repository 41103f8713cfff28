// How the instance of each VM's name was, moment after moment, since the VM was written last: what its status may tell.
import type { VirtualMachineInstance } from "@knvirt/api";
import { keyText } from "@knvirt/kubernetes";
import type { Write } from "../api-server/index.ts";
import { isOurs } from "./users.ts";

/** Undefined when there was none. */
export type Moment = VirtualMachineInstance | undefined;

export interface Moments {
  note(write: Write): void;
  /** For the write of a VM that is being told. */
  since(write: Write): readonly Moment[];
}

interface Seen {
  moments: Moment[];
  /** How many of them are from before the last write of the VM. */
  older: number;
  /** The last write may have been decided together with the next one. */
  isOneOfSeveral: boolean;
}

export function momentsOf(): Moments {
  const byKey = new Map<string, Seen>();
  const seenOf = (key: string): Seen => {
    const seen = byKey.get(key) ?? { moments: [undefined], older: 0, isOneOfSeveral: false };
    byKey.set(key, seen);
    return seen;
  };
  const noteVm = (seen: Seen, { user, subresource }: Write): void => {
    if (!seen.isOneOfSeveral) seen.moments.splice(0, seen.older);
    seen.older = seen.moments.length - 1;
    seen.isOneOfSeveral = isOurs(user) && subresource === undefined;
  };
  return {
    note: (write) => {
      if (write.before === write.after) return; // who writes what is there already tells nothing new
      if (write.kind === "VirtualMachine") noteVm(seenOf(keyText(write.key)), write);
      else if (write.kind === "VirtualMachineInstance")
        seenOf(keyText(write.key)).moments.push(write.after as Moment);
    },
    since: ({ key }) => {
      const { moments, older, isOneOfSeveral } = seenOf(keyText(key));
      return isOneOfSeveral ? moments : moments.slice(older);
    },
  };
}
