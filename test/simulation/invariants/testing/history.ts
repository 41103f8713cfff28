// Histories for tests: facts one after the other, and what the invariants say of them.
import type { VirtualMachine, VirtualMachineInstance, VmiPhase } from "@knvirt/api";
import { type KubernetesObject, keyOf, type Pod } from "@knvirt/kubernetes";
import { aPod, aVm, aVmi, ownedByVmi } from "../../../../functions/testing/builders.ts";
import type { Write } from "../../api-server/index.ts";
import { invariantsOf } from "../index.ts";
import { type Ledger, ledgerOf } from "../ledger.ts";
import { Violation } from "../violation.ts";

export type Fact = (ledger: Ledger) => void;

interface Wrote {
  user?: string;
  manager?: string;
  subresource?: string;
}

export const functions = { user: "knvirt-functions", manager: "knvirt-vm", subresource: "status" } as const;

const write = (verb: Write["verb"], [before, after]: [Write["before"], Write["after"]], by: Wrote = {}): Fact => {
  const object = (after ?? before) as KubernetesObject;
  const who = { user: "user-1", ...by };
  return (ledger) => ledger.write({ ...who, verb, kind: object.kind, key: keyOf(object), before, after });
};

export const created = (object: KubernetesObject, by?: Wrote): Fact => write("create", [undefined, object], by);
export const changed = (before: KubernetesObject, after: KubernetesObject, by?: Wrote): Fact =>
  write("patch", [before, after], by);
export const deleted = (before: KubernetesObject, by?: Wrote): Fact =>
  write("delete", [before, beingDeleted(before)], by);
export const removed = (before: KubernetesObject, by?: Wrote): Fact => write("delete", [before, undefined], by);

export const beingDeleted = <T extends KubernetesObject>(object: T): T => ({
  ...object,
  metadata: { ...object.metadata, deletionTimestamp: "2026-01-02T12:00:00Z" },
});

const place = { pod: "pod-uid", vmi: "vmi-uid", node: "node-1" };

export const container =
  (what: "starts" | "terminate" | "kill" | "ends", more: Partial<typeof place> & { exitCode?: number } = {}): Fact =>
  (ledger) =>
    ledger.container({ ...place, ...more, what });
export const guest =
  (
    what: "starts" | "runs" | "pauses" | "stopping" | "ends" | "startFailed",
    more: Partial<typeof place> = {},
  ): Fact =>
  (ledger) =>
    ledger.guest({ ...place, ...more, what });
export const disk =
  (what: "opens" | "closes", more: Partial<typeof place> = {}): Fact =>
  (ledger) =>
    ledger.disk({ ...place, ...more, what, claim: "default/root" });

/** Things that are as they should be. */
export const vm: VirtualMachine = aVm({ runStrategy: "Always" });
export const vmi: VirtualMachineInstance = aVmi();
export const inPhase = (phase: VmiPhase, more: Partial<Parameters<typeof aVmi>[0]> = {}): VirtualMachineInstance =>
  aVmi({ phase, ...more });
export const pod: Pod = aPod({ metadata: { ownerReferences: [ownedByVmi] }, spec: { nodeName: "node-1" } });

/** A VM whose guest runs. */
export const running: Fact[] = [
  created(vm),
  created(vmi, { user: "knvirt-functions" }),
  created(pod, { user: "knvirt-functions" }),
  container("starts"),
  guest("starts"),
  disk("opens"),
  guest("runs"),
];

/** The first violation of the history; with `atRest` also of its end. */
export function violationOf(facts: readonly Fact[], { atRest = false, stepMs = 1_000 } = {}): Violation | undefined {
  let nowMs = 0;
  const ledger = ledgerOf(() => nowMs);
  const { check, atRest: rest } = invariantsOf({ ledger });
  try {
    for (const fact of facts) {
      nowMs += stepMs;
      fact(ledger);
      check();
    }
    if (atRest) rest();
    return undefined;
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
}
