// Writes of ours follow from what happens: to each object only so many for each fact that concerns it, and only so many in
// a minute. More is a loop.
import { vmiOfLauncherPod } from "@knvirt/api";
import { keyText } from "@knvirt/kubernetes";
import type { Write } from "../api-server/index.ts";
import type { Invariant } from "./invariant.ts";
import type { Register } from "./register.ts";
import { isOurs } from "./users.ts";

/** What a life takes that nothing happens in, what a fact may cause, and what is too much however much happens. */
const budget = { ofLife: 12, ofFact: 4, inMinute: 60 };

interface Account {
  left: number;
  minute: number;
  inMinute: number;
}

export const writesAreBounded: Invariant = ({ register, broken }) => {
  const accounts = new Map<string, Account>();
  const byName = new Map<string, Account[]>();
  const accountOf = (id: string, name: string): Account => {
    const known = accounts.get(id);
    if (known) return known;
    const account: Account = { left: budget.ofLife, minute: 0, inMinute: 0 };
    accounts.set(id, account);
    byName.set(name, [...(byName.get(name) ?? []), account]);
    return account;
  };
  const happens = (name: string | undefined): void => {
    for (const account of byName.get(name ?? "") ?? []) account.left += budget.ofFact;
  };
  const spend = (write: Write, atMs: number): void => {
    const { kind, key, before, after } = write;
    const object = `${kind} ${keyText(key)}`;
    const account = accountOf((before ?? after)?.metadata.uid ?? object, nameOf(write));
    account.left -= 1;
    if (account.left < 0) broken(object, "is written more often by us than its history explains");
    const minute = Math.floor(atMs / 60_000);
    account.inMinute = account.minute === minute ? account.inMinute + 1 : 1;
    account.minute = minute;
    if (account.inMinute > budget.inMinute)
      broken(object, `is written more than ${budget.inMinute} times in a minute`);
  };
  const ofInstance = ({ vmi }: { vmi: string }): void => happens(register.vmis.get(vmi)?.key);
  return {
    guest: ofInstance,
    container: ofInstance,
    write: (write, atMs) => {
      if (!isCounted(write)) return;
      if (isOurs(write.user)) spend(write, atMs);
      else happens(nameOf(write));
      if (!write.before || !write.after) happens(nameOf(write));
    },
    node: ({ node }) => {
      for (const vmi of onNode(register, node)) happens(vmi);
    },
  };
};

/** Heartbeats come for no reason, and notes have a bound of their own. */
const isCounted = ({ kind }: Write): boolean => kind !== "Node" && kind !== "Event" && kind !== "Lease";

/** By which a VM, its instances and their pods belong together. */
const nameOf = ({ kind, key }: Write): string => keyText((kind === "Pod" ? vmiOfLauncherPod(key) : key) ?? key);

function* onNode({ vmis }: Register, node: string): Generator<string> {
  for (const { object, key, isGone } of vmis.all()) if (!isGone && object.status?.nodeName === node) yield key;
}
