// What users asked of the gateway and were told would be done: looked at where nothing else was asked of the VM meanwhile
// or afterwards.
import { isFinal, type VirtualMachineInstance } from "@knvirt/api";
import type { Follower, UserFact, Wish } from "../ledger.ts";
import type { Incarnation } from "./wishes.ts";

export interface Asked {
  wish: Wish;
  sentMs: number;
  /** Infinity where the asker never learned of it. */
  answeredMs: number;
  isTaken: boolean;
}

export interface Answers extends Required<Pick<Follower, "user">> {
  /** The request that decides how this VM ends, if there is one that certainly does. */
  lastOf(key: string): Asked | undefined;
}

export function answersOf(): Answers {
  const byKey = new Map<string, Map<number, Asked>>();
  return {
    user: ({ id, wish, namespace, name, answer }: UserFact, atMs) => {
      const key = `${namespace}/${name}`;
      const asked = byKey.get(key) ?? new Map<number, Asked>();
      byKey.set(key, asked);
      if (answer === "sent") asked.set(id, { wish, sentMs: atMs, answeredMs: Infinity, isTaken: false });
      else if (answer === "refused") asked.delete(id);
      else if (answer === "taken") Object.assign(asked.get(id) ?? {}, { answeredMs: atMs, isTaken: true });
    },
    lastOf: (key) => {
      const asked = [...(byKey.get(key)?.values() ?? [])];
      const last = asked.findLast(({ wish }) => isForGateway(wish));
      if (!last?.isTaken) return undefined;
      return asked.every((other) => other === last || other.answeredMs < last.sentMs) ? last : undefined;
    },
  };
}

const isForGateway = (wish: Wish): boolean => wish === "start" || wish === "stop" || wish === "restart";

export interface Outcome {
  vmi: VirtualMachineInstance | undefined;
  incarnations: readonly Incarnation[];
}

/** Answers with what is wrong, if anything. */
export function brokenPromise({ wish, sentMs }: Asked, { vmi, incarnations }: Outcome): string | undefined {
  const came = {
    start: incarnations.some(({ liveUntilMs }) => liveUntilMs >= sentMs),
    restart: incarnations.some(({ bornAtMs }) => bornAtMs >= sentMs),
    stop: !vmi || isFinal(vmi),
  };
  if (!isForGateway(wish) || came[wish as keyof typeof came]) return undefined;
  return `was to ${wish}, as its user was told at ${Math.round(sentMs)} ms, and did not`;
}
