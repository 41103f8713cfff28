// Hiding and deciding commute: without the texts that are hidden functions decide the same.
import { fc } from "../../../test/support/property.ts";
import { definitionsOf } from "../../definitions.ts";
import { aPod, aVm, aVmi, computeIs } from "../../testing/builders.ts";
import type { FunctionDefinition } from "../definition.ts";
import { type DecisionRecord, recordOf } from "./record.ts";
import { context, decisionOf } from "./testing/decisions.ts";
import { noon } from "./testing/observations.ts";

const settings = { image: "launcher:1" };
const definitions = definitionsOf({ launcher: settings });

const recorded = (definition: FunctionDefinition, observed: object): DecisionRecord =>
  recordOf(decisionOf(definition, observed), context);

/** Few texts, so that a template and its instance often have the same. */
const secrets = fc.constantFrom("first secret", "second secret", "Always", "true", "default", "64Mi", "", "web");
const userData = fc.record({ userData: secrets, networkData: secrets }, { requiredKeys: [] });
const volumes = fc.array(
  fc.record({ name: fc.constantFrom("a", "b"), cloudInitNoCloud: userData, sysprep: fc.constant(undefined) }),
  { maxLength: 2 },
);
const probe = fc.record(
  {
    exec: fc.record({ command: fc.array(secrets, { minLength: 1, maxLength: 2 }) }),
    httpGet: fc.record({
      port: fc.constant(80),
      path: secrets,
      httpHeaders: fc.tuple(fc.record({ name: secrets, value: secrets })),
    }),
  },
  { requiredKeys: [] },
);
const spec = fc.record(
  {
    domain: fc.record({
      memory: fc.constant({ guest: "64Mi" }),
      firmware: fc.record({ serial: secrets, kernelBoot: fc.record({ kernelArgs: secrets }) }, { requiredKeys: [] }),
      chassis: fc.record({ asset: secrets }),
    }),
    volumes,
    readinessProbe: probe,
    livenessProbe: probe,
  },
  { requiredKeys: ["domain"] },
);
const annotations = fc.dictionary(
  fc.constantFrom("kubectl.kubernetes.io/last-applied-configuration", "sidecar.istio.io/inject", "note", "name"),
  secrets,
);
const phases = fc.constantFrom("Pending", "Scheduling", "Scheduled", "Running", "Succeeded", "Failed", undefined);
const podStates = fc.constantFrom(
  undefined,
  aPod(),
  aPod({ status: { phase: "Running" } }),
  aPod({ status: computeIs({ terminated: { exitCode: 10, message: "the guest said: first secret" } }) }),
  aPod({ metadata: { ownerReferences: [] } }),
);
const strategies = fc.constantFrom("Always", "Halted", "Manual", "RerunOnFailure", "Once");
const refusals = fc.option(
  fc.record({ verb: fc.constantFrom("create", "delete"), kind: secrets, name: secrets, message: secrets }),
  { nil: undefined },
);
const requests = fc.array(
  fc.record({
    action: fc.constantFrom("Start" as const, "Stop" as const),
    data: fc.record({ paused: secrets, other: secrets }),
  }),
  { maxLength: 2 },
);
const worlds = fc.record({
  requests,
  ...{ template: spec, instance: fc.option(spec), annotations, phase: phases, pod: podStates },
  ...{ strategy: strategies, refusal: refusals, generation: fc.constantFrom("1", "2"), deleted: fc.boolean() },
});

test("a function decides with placeholders what it decides with the texts", () => {
  fc.assert(
    fc.property(
      worlds,
      ({
        requests: stateChangeRequests,
        template,
        instance,
        annotations: notes,
        phase,
        pod,
        strategy,
        refusal,
        generation,
        deleted,
      }) => {
        const deletion = deleted && { deletionTimestamp: "2026-01-02T11:59:30Z" };
        const vm = aVm({
          metadata: { annotations: notes, ...deletion },
          runStrategy: strategy as "Always",
          spec: { template: { metadata: { annotations: notes }, spec: template as never } },
          status: {
            stateChangeRequests,
            conditions: [{ type: "Failure", status: "True", message: notes.note ?? "it failed" }],
          },
        });
        const vmi = aVmi({
          metadata: { annotations: { ...notes, "kubevirt.io/vm-generation": generation }, ...deletion },
          spec: (instance ?? template) as never,
          ...(phase && { phase: phase as "Pending" }),
        });
        const seen = JSON.parse(JSON.stringify({ vm, vmi })) as { vm: object; vmi: object };
        const common = { pod, claims: [], kubevirt: undefined, settings, now: noon, refusal };
        for (const definition of definitions) {
          expect(recorded(definition, { ...seen, ...common }).really).toBeUndefined();
          if (definition.name === "vm")
            expect(recorded(definition, { ...seen, vmi: undefined, ...common }).really).toBeUndefined();
        }
      },
    ),
    { numRuns: 400 },
  );
});
