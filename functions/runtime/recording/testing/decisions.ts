// Decisions and records of them, for tests.
import { virtualMachines } from "@knvirt/api";
import { aVm } from "../../../testing/builders.ts";
import { vm } from "../../../vm/index.ts";
import type { FunctionDefinition } from "../../definition.ts";
import { clock, self } from "../../reads.ts";
import { type Decision, decide } from "../decision.ts";
import { type DecisionRecord, recordOf } from "../record.ts";
import { noon } from "./observations.ts";

export const definitions = [vm as unknown as FunctionDefinition];
export const key = { namespace: "default", name: "web" };

/** What the function vm sees of a VM that is to run and does not. */
export const stopped = {
  vm: aVm({ runStrategy: "Always" }),
  vmi: undefined,
  claims: [],
  now: noon,
  refusal: undefined,
};

export const context = { knvirt: "1", recording: "r", number: 1, at: noon.toISOString(), secret: Buffer.from("s") };

export function decisionOf(definition: FunctionDefinition, observed: object): Decision {
  const told: Decision[] = [];
  try {
    decide({ definition, key, observed }, (decision) => void told.push(decision));
  } catch {
    // told of as well
  }
  const [decision] = told;
  if (!decision) throw new Error("a decision is always told of");
  return decision;
}

/** As it is read again. */
export const aRecord = (changed: Partial<typeof context> = {}, observed: object = stopped): DecisionRecord =>
  JSON.parse(
    JSON.stringify(recordOf(decisionOf(vm as unknown as FunctionDefinition, observed), { ...context, ...changed })),
  ) as DecisionRecord;

/** A function of a test's own, over VMs. */
export const functionThat = (reconcile: FunctionDefinition["reconcile"], name = "vm"): FunctionDefinition => ({
  name,
  primary: virtualMachines,
  reads: { vm: self(virtualMachines), now: clock },
  writes: [],
  reconcile,
});
