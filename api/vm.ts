// VirtualMachine: the wish that an instance exists, and when.

import Type, { type Static } from "typebox";
import { conditions, nameFitsPod, objectMeta, templateMeta } from "./meta.ts";
import { choice, flag, integer, list, object, optional, text, texts, timestamp } from "./schema.ts";
import { unsupportedOfVm } from "./unsupported.ts";
import { vmiSpec } from "./vmi.ts";
import { templateRules } from "./vmi-rules.ts";

export const runStrategyNames = ["Always", "Halted", "Manual", "RerunOnFailure", "Once"] as const;
export type RunStrategy = (typeof runStrategyNames)[number];

const stateChangeRequest = object("A wish to start or stop.", {
  action: choice(["Start", "Stop"], "What to do."),
  uid: optional(text("UID of the instance that is to stop.")),
  data: optional(texts("Details of the wish.")),
});

const vmStatus = object("What was observed of the virtual machine. Only the control plane writes it.", {
  printableStatus: optional(text("State in one word.", { default: "Stopped" })),
  created: optional(flag("The instance exists.")),
  ready: optional(flag("The instance is ready.")),
  conditions: optional(conditions),
  runStrategy: optional(choice([...runStrategyNames], "Strategy that was last acted on.")),
  observedGeneration: optional(integer("Generation that the instance was made from.")),
  desiredGeneration: optional(integer("Generation that was last looked at.")),
  stateChangeRequests: optional(list(stateChangeRequest, "Wishes to start or stop; only the first counts.")),
  startFailure: optional(
    object("Starts in a row that failed.", {
      consecutiveFailCount: optional(integer("How many.")),
      lastFailedVMIUID: optional(text("The instance that failed last.")),
      retryAfterTimestamp: optional(timestamp("No new start before this time.")),
    }),
  ),
});

export const vmSchema = object(
  "A virtual machine: a template, and the rule by which instances of it run.",
  {
    apiVersion: Type.Unsafe<"kubevirt.io/v1">({ type: "string" }),
    kind: Type.Unsafe<"VirtualMachine">({ type: "string" }),
    metadata: objectMeta,
    spec: object(
      "What is wished for.",
      {
        running: optional(flag("Deprecated: true is runStrategy Always, false is Halted.")),
        runStrategy: optional(
          choice(
            [...runStrategyNames],
            "Always: an instance runs, always. Halted: none runs. Manual: it is started and stopped by request only. " +
              "RerunOnFailure: it is started again unless the guest ended in order. Once: it is started once.",
          ),
        ),
        template: object(
          "The instance.",
          { metadata: optional(templateMeta), spec: vmiSpec },
          { rules: templateRules },
        ),
        ...unsupportedOfVm,
      },
      {
        rules: [
          {
            rule: "!(has(self.running) && has(self.runStrategy))",
            message: "running and runStrategy are mutually exclusive: running is deprecated, give runStrategy only",
          },
          {
            rule: "has(self.running) || has(self.runStrategy)",
            message: "one of running or runStrategy must be specified: give runStrategy",
            reason: "FieldValueRequired",
            fieldPath: ".runStrategy",
          },
        ],
      },
    ),
    status: optional(vmStatus),
  },
  { rules: [nameFitsPod] },
);

export type VirtualMachine = Static<typeof vmSchema>;
export type VmStatus = Static<typeof vmStatus>;
export type StateChangeRequest = Static<typeof stateChangeRequest>;
