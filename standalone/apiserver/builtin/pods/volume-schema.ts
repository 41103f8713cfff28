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

const downwardFile = fields(
  "A value as a file.",
  {
    path: text("Path of the file."),
    fieldRef: fields(
      "Which value.",
      { apiVersion: text("v1.", { default: "v1" }), fieldPath: text("Path of the value in the pod.") },
      { required: ["fieldPath"] },
    ),
    mode: integer("Mode of the file."),
  },
  { required: ["path", "fieldRef"] },
);

const sources = ["emptyDir", "image", "secret", "configMap", "downwardAPI", "persistentVolumeClaim", "hostPath"];

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
    downwardAPI: fields("What is known of the pod as files.", {
      items: list("Files.", downwardFile),
      defaultMode: projection.defaultMode,
    }),
    persistentVolumeClaim: fields(
      "The storage of a claim.",
      { claimName: text("Name of the claim."), readOnly: flag("Whether it cannot be written to.") },
      { required: ["claimName"] },
    ),
    hostPath: fields(
      "A folder of the machine.",
      {
        path: text("Path of the folder.", { pattern: "^/.+" }),
        type: oneOf("Whether it is made when it is missing.", ["", "Directory", "DirectoryOrCreate"]),
      },
      { required: ["path"] },
    ),
  },
  {
    required: ["name"],
    oneOf: sources.map((source) => ({ required: [source] })),
  },
);
