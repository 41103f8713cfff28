// Whether each VM is where its spec and the requests of users say: written from what KubeVirt's run strategies mean, not
// from how our function does it.
import { isFinal, runStrategyOf, type VirtualMachine, type VirtualMachineInstance } from "@knvirt/api";
import type { Incarnation, Wished, Wishes } from "./wishes.ts";

export interface Resting {
  vm: VirtualMachine;
  /** Of its own. */
  vmi: VirtualMachineInstance | undefined;
  wished: Wished | undefined;
  incarnations: readonly Incarnation[];
}

/** Answers with what is wrong, if anything. */
type Rule = (resting: Resting) => string | undefined;

const lives = ({ vmi }: Resting): boolean => vmi !== undefined && !isFinal(vmi);
const last = ({ incarnations }: Resting): Incarnation | undefined => incarnations.at(-1);

const strategies: Record<string, Rule> = {
  Always: (resting) => (lives(resting) ? undefined : "is to run always, and does not"),
  Halted: ({ vmi }) => (vmi ? `is to be halted, and has instance ${vmi.metadata.uid}` : undefined),
  Once: ({ vmi }) => (vmi ? undefined : "is to be started once, and has no instance"),
  Manual: (resting) => {
    const before = last(resting);
    if (resting.vmi || !before || isAccountedFor(resting, before)) return undefined;
    return `is to be stopped by request only, and lost instance ${before.uid}`;
  },
  RerunOnFailure: (resting) => {
    const { vmi, wished } = resting;
    if (vmi) return isFinal(vmi) ? "is to leave what has ended, and has not" : undefined;
    const before = last(resting);
    if (!before) return wished?.stop ? undefined : "is to be started, and never was";
    if (isToBeginAnew(resting)) return "is to be started as it was switched to this strategy, and was not";
    if (before.phase === "Succeeded" || isAccountedFor(resting, before)) return undefined;
    return `is to run again after a failure, and does not after instance ${before.uid}, which was ${before.phase}`;
  },
};

/** Who switches to RerunOnFailure a VM whose instance is gone, or going, starts it, unless he stops it afterwards. */
const isToBeginAnew = ({ wished, incarnations }: Resting): boolean =>
  wished !== undefined &&
  !wished.isOld &&
  !wished.stop &&
  incarnations.every(({ stayedUntilMs }) => stayedUntilMs < wished.strategyAtMs);

/** Somebody wanted it gone: it need not come back. */
function isAccountedFor({ wished }: Resting, { uid, wasTakenAway, bornAtMs }: Incarnation): boolean {
  return wasTakenAway || wished?.stop?.uid === uid || (wished?.strategyAtMs ?? 0) > bornAtMs;
}

const requests: Rule[] = [
  ({ wished, vmi, vm }) =>
    wished?.stop && vmi?.metadata.uid === wished.stop.uid && runStrategyOf(vm) !== "Once"
      ? `was asked to stop instance ${wished.stop.uid}, which is there`
      : undefined,
  ({ wished, incarnations, vm }) => {
    const start = wished?.start;
    if (!start || runStrategyOf(vm) === "Halted") return undefined;
    const isDone = incarnations.some(({ uid, liveUntilMs }) => liveUntilMs >= start.atMs && uid !== start.not);
    return isDone ? undefined : "was asked to start, and did not";
  },
  ({ wished, incarnations, vm }) => {
    if (!wished || wished.strategy === runStrategyOf(vm)) return undefined;
    // An instance of its name that somebody made by hand meanwhile is the one that a paused start asked for.
    const start = wished.start?.atMs ?? Infinity;
    if (incarnations.some(({ liveUntilMs }) => liveUntilMs >= start)) return undefined;
    return `is ${runStrategyOf(vm)} though its user wants ${wished.strategy}`;
  },
];

export function wrongEnd(resting: Resting): string | undefined {
  const ofStrategy = strategies[runStrategyOf(resting.vm)];
  return [...(ofStrategy ? [ofStrategy] : []), ...requests].map((rule) => rule(resting)).find((text) => text);
}

export const restingOf = (
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
  wishes: Pick<Wishes, "of" | "incarnationsOf">,
): Resting => {
  const { uid = "" } = vm.metadata;
  return { vm, vmi, wished: wishes.of(uid), incarnations: wishes.incarnationsOf(uid) };
};
