// What a plan is about, before anything happens in it: how large the world is, when and to whom much happens, and which kinds
// of actions and faults there are.
import fc from "fast-check";
import { actionKinds, type Scene } from "./draw-actions.ts";
import { faultKinds } from "./draw-faults.ts";
import type { ActionKind, FaultKind, Plan, Role } from "./plan.ts";
import { span } from "./spans.ts";

export interface Frame {
  lastsMs: number;
  nodes: number;
  host: Plan["host"];
  vms: string[];
  /** Instances without a VM. */
  bare: string[];
  moments: { atMs: number; vm: string }[];
  actions: ActionKind[];
  faults: FaultKind[];
}

const names = (prefix: string, min: number, max: number): fc.Arbitrary<string[]> =>
  fc.integer({ min, max }).map((count) => Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`));

export const frame: fc.Arbitrary<Frame> = fc
  .record({
    lastsMs: fc.integer({ min: 2 * 60, max: 15 * 60 }).map((seconds) => seconds * 1000),
    nodes: fc.integer({ min: 1, max: 4 }),
    host: fc.constantFrom("knative" as const, "controller" as const),
    vms: names("vm", 1, 6),
    bare: fc.oneof({ weight: 3, arbitrary: names("vmi", 0, 0) }, { weight: 1, arbitrary: names("vmi", 1, 2) }),
    actions: kindsOf(actionKinds),
    faults: kindsOf(faultKinds),
  })
  .chain((given) => momentsOf(given).map((moments) => ({ ...given, moments })));

const momentsOf = ({ lastsMs, vms, bare }: Omit<Frame, "moments">): fc.Arbitrary<Frame["moments"]> =>
  fc.array(fc.record({ atMs: fc.integer({ min: 0, max: lastsMs }), vm: fc.constantFrom(...vms, ...bare) }), {
    minLength: 1,
    maxLength: 8,
    size: "max",
  });

/** Some of them more often than all of them: then none hides another. */
function kindsOf<Kind>(kinds: readonly Kind[]): fc.Arbitrary<Kind[]> {
  const some = fc.subarray([...kinds], { minLength: 2 });
  return fc.oneof({ weight: 1, arbitrary: fc.constant<Kind[]>([...kinds]) }, { weight: 2, arbitrary: some });
}

export const sceneOf = ({ nodes, host }: Frame, vms: string[]): Scene => ({
  vm: fc.constantFrom(...vms),
  node: fc.integer({ min: 0, max: nodes - 1 }),
  forMs: span.trouble,
  role: fc.constantFrom(...rolesOf[host], "executor", "gateway", "kubernetes", "kubelet"),
});

/** What decides dies most. */
const rolesOf: Record<Plan["host"], Role[]> = {
  knative: ["functions", "functions", "functions", "source"],
  controller: ["controller", "controller", "controller", "controller"],
};
