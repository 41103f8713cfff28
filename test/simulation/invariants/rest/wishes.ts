// What was last wished of each VM by those who have a say, as they wrote it, and what became of its instances since.
import { isFinal, phaseOf, runStrategyOf, type VirtualMachine, type VirtualMachineInstance } from "@knvirt/api";
import type { Write } from "../../api-server/index.ts";
import type { Follower } from "../ledger.ts";
import { controllerOf } from "../register.ts";
import { isOurs } from "../users.ts";

export interface Wished {
  strategy: string;
  strategyAtMs: number;
  /** The VM was told by this strategy's name already, or an instance was to stop, when it was switched to it. */
  isOld: boolean;
  /** An instance that is to go. */
  stop?: { uid: string; atMs: number } | undefined;
  /** One is to come; with `not`, another than this. */
  start?: { atMs: number; not?: string | undefined } | undefined;
}

export interface Incarnation {
  uid: string;
  bornAtMs: number;
  /** When it was last there, neither ended nor on its way out. */
  liveUntilMs: number;
  /** When it was last there and not on its way out, ended or not. */
  stayedUntilMs: number;
  /** A user or the cluster asked for its end. */
  wasTakenAway: boolean;
  phase: string;
}

export interface Wishes extends Required<Pick<Follower, "write">> {
  of(vmUid: string): Wished | undefined;
  /** Of this VM, in the order of their birth. */
  incarnationsOf(vmUid: string): readonly Incarnation[];
}

export function wishesOf(): Wishes {
  const wishes = new Map<string, Wished>();
  const incarnations = new Map<string, Incarnation[]>();
  const known = new Map<string, Incarnation>();
  const noteVmi = ({ before, after, verb, user }: Write, atMs: number): void => {
    const vmi = (after ?? before) as VirtualMachineInstance;
    const incarnation = incarnationOf(vmi, atMs);
    incarnation.phase = phaseOf(vmi);
    if (verb === "delete" && !isOurs(user)) incarnation.wasTakenAway = true;
    noteStay(incarnation, before as VirtualMachineInstance | undefined, atMs);
    noteStay(incarnation, after as VirtualMachineInstance | undefined, Infinity);
  };
  const incarnationOf = (vmi: VirtualMachineInstance, atMs: number): Incarnation => {
    const { uid = "" } = vmi.metadata;
    const owner = controllerOf(vmi)?.uid;
    const times = { bornAtMs: atMs, liveUntilMs: atMs, stayedUntilMs: atMs };
    const born = { uid, ...times, wasTakenAway: false, phase: "Pending" };
    const incarnation = known.get(uid) ?? born;
    known.set(uid, incarnation);
    const siblings = incarnations.get(owner ?? "") ?? [];
    if (owner !== undefined && !siblings.includes(incarnation)) incarnations.set(owner, [...siblings, incarnation]);
    return incarnation;
  };
  return {
    of: (vmUid) => wishes.get(vmUid),
    incarnationsOf: (vmUid) => incarnations.get(vmUid) ?? [],
    write: (write, atMs) => {
      if (write.kind === "VirtualMachineInstance") noteVmi(write, atMs);
      else if (write.kind === "VirtualMachine" && write.after && !isOurs(write.user)) noteVm(wishes, write, atMs);
    },
  };
}

function noteStay(incarnation: Incarnation, vmi: VirtualMachineInstance | undefined, untilMs: number): void {
  if (!vmi || vmi.metadata.deletionTimestamp) return;
  incarnation.stayedUntilMs = untilMs;
  if (!isFinal(vmi)) incarnation.liveUntilMs = untilMs;
}

function noteVm(wishes: Map<string, Wished>, { before, after }: Write, atMs: number): void {
  const vm = after as VirtualMachine;
  const { uid = "" } = vm.metadata;
  const [was, strategy] = [wishes.get(uid), runStrategyOf(vm)];
  const isNew = !was || runStrategyOf(before as VirtualMachine) !== strategy;
  const queue = vm.status?.stateChangeRequests ?? [];
  const isOld = vm.status?.runStrategy === strategy || queue.length > 0;
  const wished: Wished = isNew ? { strategy, strategyAtMs: atMs, isOld } : was;
  wishes.set(uid, wished);
  if (
    JSON.stringify(queue) ===
    JSON.stringify((before as VirtualMachine | undefined)?.status?.stateChangeRequests ?? [])
  )
    return;
  const stop = queue.find(({ action }) => action === "Stop");
  const start = queue.find(({ action }) => action === "Start");
  wished.stop = stop?.uid === undefined ? undefined : { uid: stop.uid, atMs };
  wished.start = start && { atMs, not: stop?.uid };
  // A guest that is to wait is asked for of a halted VM, which then is one that runs.
  if (start?.data?.paused === "true" && strategy === "Halted") Object.assign(wished, { strategy: "Always" });
}
