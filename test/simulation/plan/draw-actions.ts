// What users may do, as chance has it.
import { label, runStrategyNames } from "@knvirt/api";
import fc from "fast-check";
import type { ActionKind, Deed, OfKind, Part, Role, Wanted } from "./plan.ts";
import { span } from "./spans.ts";

export interface Scene {
  vm: fc.Arbitrary<string>;
  node: fc.Arbitrary<number>;
  forMs: fc.Arbitrary<number>;
  /** Of processes that there are. */
  role: fc.Arbitrary<Role>;
}

type Draws = { [Kind in ActionKind]: (scene: Scene) => fc.Arbitrary<Omit<OfKind<Deed, Kind>, "kind">> };

const strategy = fc.oneof(
  { weight: 2, arbitrary: fc.constant("Always" as const) },
  { weight: 6, arbitrary: fc.constantFrom(...runStrategyNames) },
);
const propagation = fc.oneof(
  { weight: 4, arbitrary: fc.constant("Background" as const) },
  { weight: 2, arbitrary: fc.constant("Foreground" as const) },
  { weight: 1, arbitrary: fc.constant("Orphan" as const) },
);
/** An instance's pod that is left to itself has the name of the next one's, for good. */
const cascading = fc.constantFrom("Background" as const, "Background" as const, "Foreground" as const);
const of = fc.constantFrom<Part>("vm", "vmi", "pod");
const value = fc.constantFrom("blue", "green");
const cores = fc.integer({ min: 1, max: 4 });
const graceSeconds = fc.constantFrom(0, 1, 5, 30, 180);
const labels = [label.app, label.createdBy, label.nodeName, label.vmName, label.vmiId];

const wanted = fc.record<Wanted>({ cores, containerDisk: fc.boolean(), isVolatile: span.chance(0.2), graceSeconds });
const perhaps = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(arbitrary, { nil: undefined });
/** Plans are JSON, which has no undefined. */
const withGrace = (scene: Scene): fc.Arbitrary<{ vm: string; graceSeconds?: number }> =>
  fc
    .tuple(scene.vm, perhaps(graceSeconds))
    .map(([vm, grace]) => ({ vm, ...(grace !== undefined && { graceSeconds: grace }) }));

const draws: Draws = {
  createVm: ({ vm }) => createVm(vm, fc.boolean()),
  createVmi: ({ vm }) => fc.tuple(vm, wanted).map(([name, given]) => ({ vm: name, ...given })),
  deleteVm: ({ vm }) => fc.record({ vm, propagation }),
  deleteVmi: ({ vm }) => fc.record({ vm, propagation: cascading }),
  deletePod: withGrace,
  forcePod: ({ vm }) => fc.record({ vm }),
  setStrategy: ({ vm }) => fc.record({ vm, strategy }),
  setCores: ({ vm }) => fc.record({ vm, cores }),
  setTemplateLabel: ({ vm }) => fc.record({ vm, value }),
  start: ({ vm }) => fc.record({ vm, isPaused: fc.boolean() }),
  stop: withGrace,
  restart: ({ vm }) => fc.record({ vm, isForced: fc.boolean() }),
  disown: ({ vm }) => fc.record({ vm }),
  takeLabel: ({ vm, forMs }) => fc.record({ vm, of, label: fc.constantFrom(...labels), forMs }),
  setLabel: ({ vm }) => fc.record({ vm, of, value }),
  foreignPod: ({ vm, forMs }) => fc.record({ vm, forMs }),
  foreignVmi: ({ vm, forMs }) =>
    fc.tuple(fc.record({ vm, forMs }), wanted).map(([given, more]) => ({ ...given, ...more })),
  finalizer: ({ vm, forMs }) => fc.record({ vm, of, forMs }),
  cordon: ({ node, forMs }) => fc.record({ node, drains: fc.boolean(), forMs }),
  removeNode: ({ node }) => fc.record({ node }),
};

export function createVm(
  vm: fc.Arbitrary<string>,
  insists: fc.Arbitrary<boolean>,
): fc.Arbitrary<Omit<OfKind<Deed, "createVm">, "kind">> {
  const rest = fc.record({ vm, strategy, saysRunning: span.chance(0.2), insists });
  return fc.tuple(rest, wanted).map(([given, more]) => ({ ...given, ...more }));
}

/** What users do often comes often. */
const weights: Partial<Record<ActionKind, number>> = {
  createVm: 5,
  deleteVm: 5,
  deleteVmi: 5,
  deletePod: 5,
  setStrategy: 5,
  start: 6,
  stop: 6,
  restart: 6,
  foreignVmi: 1,
  removeNode: 1,
  forcePod: 1,
};

export const actionKinds = Object.keys(draws) as ActionKind[];

export const deedOf = (kinds: readonly ActionKind[], scene: Scene): fc.Arbitrary<Deed> =>
  fc.oneof(
    ...kinds.map((kind) => ({
      weight: weights[kind] ?? 2,
      arbitrary: draws[kind](scene).map((given) => ({ kind, ...given }) as Deed),
    })),
  );
