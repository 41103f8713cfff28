// The kinds of volume that the pod runner can make.
import { fields, flag, integer, list, oneOf, quantity, text } from "../fields.ts";
import { pullPolicies } from "./container-schema.ts";

const items = list(
  "Which values become files, and where; all when left out.",
  fields(
    "A value as a file.",
    { key: text("Key of the value."), path: text("Path of the file."), mode: integer("Mode of the file.") },
    { required: ["key", "path"] },
  ),
);

const projection = {
  items,
  defaultMode: integer("Mode of the files.", { default: 0o644, minimum: 0, maximum: 0o777 }),
  optional: flag("Whether the object may be missing."),
};

export const volume = fields(
  "A directory that containers share.",
  {
    name: text("Name of the volume.", { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 63 }),
    emptyDir: fields("Starts empty and goes with the pod.", {
      medium: text("Memory, or the machine's disk when empty.", { enum: ["", "Memory"] }),
      sizeLimit: quantity("How much it may hold; for Memory only."),
    }),
    image: fields("The files of an image, read-only.", {
      reference: text("The image."),
      pullPolicy: oneOf("When the image is fetched.", pullPolicies),
    }),
    secret: fields("The values of a Secret as files.", { secretName: text("Name of the Secret."), ...projection }),
    configMap: fields("The values of a ConfigMap as files.", { name: text("Name of the ConfigMap."), ...projection }),
  },
  {
    required: ["name"],
    oneOf: ["emptyDir", "image", "secret", "configMap"].map((source) => ({ required: [source] })),
  },
);
