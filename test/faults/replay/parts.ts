// What is left of a plan on one machine.
import type { Faults } from "../../../standalone/event-faults.ts";
import type { Action, Fault, OfKind, Plan, PlannedGuest } from "../../simulation/plan/plan.ts";
import { actionInWords, faultInWords } from "../../simulation/plan/words.ts";
import { deedOf, isPlayed as isDeedPlayed } from "./deeds.ts";
import { isPlayed as isFaultPlayed, killOf } from "./kills.ts";
import type { Scene } from "./scene.ts";

export interface Part {
  atMs: number;
  words: string;
  isDeed: boolean;
  play(scene: Scene): Promise<unknown>;
}

/** In their order. */
export function partsOf({ actions, faults }: Plan): Part[] {
  const deeds = actions.filter(isDeedPlayed).map((action): Part => {
    const play = (scene: Scene) => deedOf(action)(action, scene);
    return { atMs: action.atMs, words: actionInWords(action), isDeed: true, play };
  });
  const isTrap = (fault: Fault): fault is OfKind<Fault, "killAtWrite"> => fault.kind === "killAtWrite";
  const kills = faults.filter((fault) => isFaultPlayed(fault) && !isTrap(fault)).map((fault) => deathsOf([fault]));
  const traps = Map.groupBy(faults.filter(isTrap), ({ role }) => role);
  const parts = [...deeds, ...kills, ...[...traps.values()].map(deathsOf)];
  return parts.toSorted((one, other) => one.atMs - other.atMs);
}

/** Each as soon as who died of the last one is back: by its own time all may be written that it was to die of. */
function deathsOf(faults: Fault[]): Part {
  const play = async (scene: Scene): Promise<void> => {
    for (const fault of faults) await killOf(fault)(fault, scene);
  };
  const atMs = Math.min(...faults.map((fault) => fault.atMs));
  return { atMs, words: faults.map(faultInWords).join(", then "), isDeed: false, play };
}

const isOfEvents = (fault: Fault): fault is OfKind<Fault, "events"> => fault.kind === "events";

/** From the start of the instance to its end, for nobody can change it while it runs. */
export function eventFaultsOf({ faults }: Plan): Partial<Faults> | undefined {
  const fault = faults.find(isOfEvents);
  if (!fault) return undefined;
  const { lost, swallowed, doubled, lateMs } = fault;
  return { drop: Math.min(1, lost + swallowed), duplicate: doubled, reorder: lateMs > 0 ? 0.5 : 0 };
}

/** In words. */
export function leftOutOf({ actions, faults, guests, nodes, network }: Plan): string[] {
  const isLeftOut = (fault: Fault): boolean => !isOfEvents(fault) && !isFaultPlayed(fault);
  const { lostRequests, lostAnswers, brokenWatches, latencyMs } = network;
  const isTroubled = ({ startFailures, ends }: PlannedGuest): boolean => startFailures > 0 || ends !== undefined;
  const troubled = Object.keys(guests).filter((vm) => guests[vm]?.some(isTroubled));
  return [
    ...(nodes > 1 ? [`${nodes - 1} of ${nodes} nodes`] : []),
    ...(lostRequests + lostAnswers + brokenWatches > 0 ? ["losses of the network"] : []),
    ...(latencyMs > usualLatencyMs ? ["latency of the network"] : []),
    ...troubled.map((vm) => `what guests of ${vm} do by themselves`),
    ...actions.filter((action: Action) => !isDeedPlayed(action)).map(actionInWords),
    ...faults.filter(isLeftOut).map(faultInWords),
  ];
}

const usualLatencyMs = 5;

/** Of VMs, and of instances that have none. */
export const namesIn = ({ actions }: Plan): string[] => [
  ...new Set(actions.flatMap((action) => ("vm" in action ? [action.vm] : []))),
];
