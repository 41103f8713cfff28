// Volumes that bring values of the cluster into the guest, as files on a CD-ROM image.
import { flag, listByKey, object, optional, text } from "./schema.ts";

const name = (of: string) => text(`Name of the ${of} in the same namespace.`, { minLength: 1, maxLength: 253 });
const missing = optional(flag("The instance starts without the object too; the disk is empty then."));
const volumeLabel = optional(
  text("Label of the disk; cfgdata when left out.", { pattern: "^[A-Za-z0-9_.-]+$", maxLength: 32 }),
);

export const configMap = object("The values of a ConfigMap, as they are when the instance starts.", {
  name: name("ConfigMap"),
  optional: missing,
  volumeLabel,
});

export const secret = object("The values of a Secret, as they are when the instance starts.", {
  secretName: name("Secret"),
  optional: missing,
  volumeLabel,
});

export const serviceAccount = object(
  "Token, namespace and authority of a service account, under which the launcher pod runs.",
  { serviceAccountName: name("ServiceAccount") },
);

const named = (of: string) => optional(object(`A ${of} in the same namespace.`, { name: name(of) }));

export const sysprep = object(
  "Answer files for the installation of Windows: values of which one is autounattend.xml or unattend.xml.",
  { configMap: named("ConfigMap"), secret: named("Secret") },
  {
    rules: [
      {
        rule: "has(self.configMap) != has(self.secret)",
        message: "sysprep has exactly one source: give one of configMap, secret",
      },
    ],
  },
);

const field = object("A value of the launcher pod, which has the labels and annotations of the instance.", {
  path: text("Path of the file.", {
    pattern: "^[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$",
    maxLength: 253,
  }),
  fieldRef: object("Which value.", {
    apiVersion: optional(text("v1.", { pattern: "^v1$" })),
    fieldPath: text(
      "metadata.name, metadata.namespace, metadata.uid, metadata.labels, metadata.annotations, or one of the latter as metadata.labels['key'].",
      { pattern: "^metadata\\.(name|namespace|uid|labels|annotations|(labels|annotations)\\['[^']+'\\])$" },
    ),
  }),
});

export const downwardAPI = object("What the launcher pod says of itself, as it is when the instance starts.", {
  fields: listByKey(["path"], field, { description: "Files.", maxItems: 64 }),
  volumeLabel,
});
