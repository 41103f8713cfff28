// What objects of all our kinds share: metadata of the object, of a template, and conditions.

import type { Condition, ObjectMeta } from "@knvirt/kubernetes";
import Type from "typebox";
import { longestVmiName } from "./names.ts";
import { choice, found, listByKey, object, optional, type Rule, text, texts, timestamp } from "./schema.ts";

/** `metadata` is Kubernetes' own: a CRD's schema leaves it to the API server. */
export const objectMeta = Type.Unsafe<ObjectMeta & { namespace: string }>({ type: "object" });

export const templateMeta = object("Labels and annotations that every instance made from the template gets.", {
  labels: optional(texts("Labels of the instance and of its launcher pod.")),
  annotations: optional(texts("Annotations of the instance and of its launcher pod.")),
});

export const conditions = Type.Unsafe<Condition[]>(
  listByKey(
    ["type"],
    object("One aspect of the object's state and since when it holds.", {
      type: text("What the condition speaks of."),
      status: choice(["True", "False", "Unknown"], "Whether it holds."),
      reason: optional(text("One word for machines: why.")),
      message: optional(text("One sentence for people: why, and what to do.")),
      lastProbeTime: optional(timestamp("When it was last looked at.")),
      lastTransitionTime: optional(timestamp("When its status last changed.")),
    }),
    { description: "Aspects of the object's state, one entry for each type." },
  ),
);

/** The launcher pod's name is made of the object's. */
export const nameFitsPod: Rule = {
  rule: `size(self.metadata.name) <= ${longestVmiName}`,
  ...found(
    `metadata.name is too long: found %s characters, expected ${longestVmiName} at most`,
    "string(size(self.metadata.name))",
  ),
};
