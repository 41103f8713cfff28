// KubeVirt: the settings of the whole installation, one object in a cluster.

import Type, { type Static } from "typebox";
import { conditions, objectMeta } from "./meta.ts";
import { flag, list, object, optional, text } from "./schema.ts";

const gates = (description: string) => optional(list(text("Name of a gate."), description));

export const kubeVirtSchema = object("Settings of the installation.", {
  apiVersion: Type.Unsafe<"kubevirt.io/v1">({ type: "string" }),
  kind: Type.Unsafe<"KubeVirt">({ type: "string" }),
  metadata: objectMeta,
  spec: optional(
    object("What is wished for.", {
      configuration: optional(
        object("Settings.", {
          lifecycleEvents: optional(
            object("CloudEvents about what happens to guests, see docs/cloudevents.md. KubeVirt has no such field.", {
              sink: text(
                "URL that they are sent to: of a Broker, a Service, or anything else that takes CloudEvents.",
                {
                  pattern: "^https?://[^\\s/?#@]+([/?][^\\s#]*)?$",
                  maxLength: 2048,
                },
              ),
            }),
          ),
          developerConfiguration: optional(
            object("Settings that are seldom changed.", {
              useEmulation: optional(
                flag("Run guests by emulation instead of KVM. Slower by far; for machines without usable KVM."),
              ),
              featureGates: gates("Gates that are on."),
              disabledFeatureGates: gates("Gates that are off although their default is on."),
            }),
          ),
        }),
      ),
    }),
  ),
  status: optional(
    object("What was observed.", {
      phase: optional(text("Deployed when everything is installed.")),
      conditions: optional(conditions),
    }),
  ),
});

export type KubeVirt = Static<typeof kubeVirtSchema>;
