// Cloud-init's data as a volume: who the guest is and what it does when it boots first.
import { object, optional, text } from "./schema.ts";

const secretRef = (what: string) =>
  optional(
    object(`Secret in the same namespace with ${what}.`, { name: text("Name of the Secret.", { minLength: 1 }) }),
  );

/** Upstream's bound: longer data belongs into a Secret. */
const inline = { maxLength: 2048 };
const inlineBase64 = { maxLength: 2732, pattern: "^[A-Za-z0-9+/\\s]*={0,2}\\s*$" };

const sources = [
  "userData",
  "userDataBase64",
  "secretRef",
  "networkData",
  "networkDataBase64",
  "networkDataSecretRef",
];
const given = (fields: string[]): string => fields.map((field) => `has(self.${field})`).join(", ");

/** `name` is the field's own. */
const dataSource = (name: string, description: string) =>
  object(
    description,
    {
      userData: optional(text("User data.", inline)),
      userDataBase64: optional(text("User data, base64.", inlineBase64)),
      secretRef: secretRef("user data under the key userdata"),
      networkData: optional(text("Network configuration.", inline)),
      networkDataBase64: optional(text("Network configuration, base64.", inlineBase64)),
      networkDataSecretRef: secretRef("network configuration under the key networkdata"),
    },
    {
      rules: [
        {
          rule: `[${given(sources.slice(0, 3))}].filter(given, given).size() <= 1`,
          message: "user data has more than one source: give one of userData, userDataBase64, secretRef",
        },
        {
          rule: `[${given(sources.slice(3))}].filter(given, given).size() <= 1`,
          message:
            "network data has more than one source: give one of networkData, networkDataBase64, networkDataSecretRef",
        },
        {
          rule: `[${given(sources)}].exists(given, given)`,
          message: `${name} has no data: give user data or network data`,
        },
      ],
    },
  );

export const cloudInitNoCloud = dataSource(
  "cloudInitNoCloud",
  "A disk with cloud-init data for the guest, by the NoCloud data source.",
);

export const cloudInitConfigDrive = dataSource(
  "cloudInitConfigDrive",
  "A disk with cloud-init data for the guest, by the ConfigDrive data source.",
);
