// Storage classes: on one machine there is one kind of storage, whose class is written when it is ready.
import { isDeepStrictEqual } from "node:util";
import type { StatusCause } from "../errors.ts";
import type { KubernetesObject } from "../object.ts";
import { builtIn } from "./built-in.ts";
import { flag, mapOf, objectSchema, oneOf, text } from "./fields.ts";

/** What storage was made by stays as it was when it was made. */
function changeCauses(object: KubernetesObject, live: KubernetesObject | undefined): StatusCause[] {
  if (!live) return [];
  return ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"]
    .filter((field) => !isDeepStrictEqual(object[field], live[field]))
    .map((field) => ({
      reason: "FieldValueInvalid",
      message: `Invalid value: ${JSON.stringify(object[field] ?? null)}: field is immutable`,
      field,
    }));
}

export const storageClasses = builtIn(
  {
    ...{ group: "storage.k8s.io", kind: "StorageClass", plural: "storageclasses", namespaced: false },
    ...{ shortNames: ["sc"] },
    schema: objectSchema(
      "StorageClass is a kind of storage that claims can ask for.",
      {
        provisioner: text("Who makes the storage."),
        parameters: mapOf("Not used.", text("A value.")),
        reclaimPolicy: oneOf("What becomes of the storage when its claim is deleted.", ["Delete"], {
          default: "Delete",
        }),
        volumeBindingMode: oneOf("When the storage is made.", ["WaitForFirstConsumer"], {
          default: "WaitForFirstConsumer",
        }),
        allowVolumeExpansion: flag("Not supported but as false.", { enum: [false] }),
      },
      { required: ["provisioner"] },
    ),
    columns: [
      { name: "Provisioner", type: "string", jsonPath: ".provisioner", description: "Who makes the storage." },
      { name: "ReclaimPolicy", type: "string", jsonPath: ".reclaimPolicy", description: "What becomes of it." },
      {
        name: "VolumeBindingMode",
        type: "string",
        jsonPath: ".volumeBindingMode",
        description: "When the storage is made.",
      },
      {
        name: "Age",
        type: "date",
        jsonPath: ".metadata.creationTimestamp",
        description: "Time since it was created.",
      },
    ],
  },
  { strategy: { withoutGeneration: true, returnsDeleted: true, validate: changeCauses } },
);
