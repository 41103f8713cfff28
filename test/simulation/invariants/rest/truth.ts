// What lives on the nodes, as those told to whom it happened.
import type { ContainerFact, DiskFact, Follower, GuestFact } from "../ledger.ts";

/** Of a launcher that lives, by the uid of its pod. */
export interface Living {
  pod: string;
  vmi: string;
  node: string;
  guest: "none" | "starting" | "running" | "paused";
}

export interface Truth extends Required<Pick<Follower, "guest" | "container" | "disk">> {
  living(): Iterable<Living>;
  /** Of this instance. */
  of(vmiUid: string): Living | undefined;
  /** Claims that are open, with the pod that has them open. */
  readonly open: ReadonlyMap<string, string>;
}

const guests: Partial<Record<GuestFact["what"], Living["guest"]>> = {
  starts: "starting",
  runs: "running",
  pauses: "paused",
  ends: "none",
};

export function truthOf(): Truth {
  const byPod = new Map<string, Living>();
  const open = new Map<string, string>();
  return {
    open,
    living: () => byPod.values(),
    of: (vmiUid) => [...byPod.values()].find(({ vmi }) => vmi === vmiUid),
    guest: ({ what, pod }: GuestFact) => {
      const living = byPod.get(pod);
      const guest = guests[what];
      if (living && guest) living.guest = guest;
    },
    container: ({ what, pod, vmi, node }: ContainerFact) => {
      if (what === "starts") byPod.set(pod, { pod, vmi, node, guest: "none" });
      else if (what === "ends" || what === "removed") byPod.delete(pod);
    },
    disk: ({ what, claim, pod }: DiskFact) => {
      if (what === "opens") open.set(claim, pod);
      else if (open.get(claim) === pod) open.delete(claim);
    },
  };
}
