// Which guest has which claim open: what must never be two of them at once.
import { type VirtualMachineInstance, volumeClaims } from "@knvirt/api";
import type { Ledger } from "../invariants/ledger.ts";

export interface DiskUser {
  podUid: string;
  /** `namespace/name` */
  vmi: string;
  vmiUid: string;
  node: string;
}

export interface Disks {
  /** Those that have it open now; claims by `namespace/name`. */
  usersOf(claim: string): readonly DiskUser[];
  /** All that are open. */
  readonly open: ReadonlyMap<string, readonly DiskUser[]>;
}

export interface DiskRegister extends Disks {
  /** Answers how to close them again. */
  openFor(vmi: VirtualMachineInstance, user: DiskUser): () => void;
}

export function diskRegister(ledger: Ledger): DiskRegister {
  const open = new Map<string, readonly DiskUser[]>();
  const tell = (what: "opens" | "closes", claim: string, { podUid, vmiUid, node }: DiskUser): void =>
    ledger.disk({ what, claim, pod: podUid, vmi: vmiUid, node });
  const close = (claim: string, user: DiskUser): void => {
    const left = (open.get(claim) ?? []).filter((other) => other !== user);
    if (left.length > 0) open.set(claim, left);
    else open.delete(claim);
    tell("closes", claim, user);
  };
  return {
    open,
    usersOf: (claim) => open.get(claim) ?? [],
    openFor: (vmi, user) => {
      const claims = [...new Set(Object.values(volumeClaims(vmi.spec)))].map(
        (name) => `${vmi.metadata.namespace}/${name}`,
      );
      for (const claim of claims) {
        open.set(claim, [...(open.get(claim) ?? []), user]);
        tell("opens", claim, user);
      }
      return () => {
        for (const claim of claims) close(claim, user);
      };
    },
  };
}
