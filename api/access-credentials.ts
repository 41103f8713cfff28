// Keys and passwords that are brought into a guest.
import type { Static } from "typebox";
import { list, object, optional, type Rule, text } from "./schema.ts";

const source = (what: string) =>
  object(
    "Where they come from.",
    {
      secret: optional(
        object(`Secret in the same namespace with ${what}.`, {
          secretName: text("Name of the Secret.", { minLength: 1, maxLength: 253 }),
        }),
      ),
    },
    {
      rules: [
        {
          rule: "has(self.secret)",
          message: "an access credential has exactly one source: found none, expected secret",
          reason: "FieldValueRequired",
          fieldPath: ".secret",
        },
      ],
    },
  );

const user = text("Name of a user in the guest.", { minLength: 1, maxLength: 256, pattern: "^[^\\s:/]+$" });

const sshPublicKey = object("SSH public keys of users, one in each line of the Secret's values.", {
  source: source("public keys"),
  propagationMethod: object(
    "How they come into the guest.",
    {
      qemuGuestAgent: optional(
        object("By the guest's agent, while it runs: in place of all keys that the users had.", {
          users: list(user, "Users in the guest.", { minItems: 1, maxItems: 64 }),
        }),
      ),
      noCloud: optional(object("By cloud-init's volume cloudInitNoCloud, when it starts.", {})),
      configDrive: optional(object("By cloud-init's volume cloudInitConfigDrive, when it starts.", {})),
    },
    {
      rules: [
        {
          rule: "[has(self.qemuGuestAgent), has(self.noCloud), has(self.configDrive)].filter(given, given).size() == 1",
          message:
            "sshPublicKey has exactly one propagation method: expected one of qemuGuestAgent, noCloud, configDrive",
        },
      ],
    },
  ),
});

const userPassword = object("Passwords: the Secret's keys are names of users, its values their passwords.", {
  source: source("passwords"),
  propagationMethod: object(
    "How they come into the guest.",
    { qemuGuestAgent: optional(object("By the guest's agent, while it runs.", {})) },
    {
      rules: [
        {
          rule: "has(self.qemuGuestAgent)",
          message: "userPassword has exactly one propagation method: found none, expected qemuGuestAgent",
          reason: "FieldValueRequired",
          fieldPath: ".qemuGuestAgent",
        },
      ],
    },
  ),
});

const accessCredential = object(
  "Keys or passwords of one Secret.",
  { sshPublicKey: optional(sshPublicKey), userPassword: optional(userPassword) },
  {
    rules: [
      {
        rule: "has(self.sshPublicKey) != has(self.userPassword)",
        message: "an access credential has exactly one type: expected one of sshPublicKey, userPassword",
      },
    ],
  },
);

export const accessCredentials = list(accessCredential, "Keys and passwords that are brought into the guest.", {
  maxItems: 32,
});

export type AccessCredential = Static<typeof accessCredential>;

const needsVolume = (method: "noCloud" | "configDrive", volume: string): Rule => ({
  rule: `!has(self.accessCredentials) || !self.accessCredentials.exists(c, has(c.sshPublicKey) && has(c.sshPublicKey.propagationMethod.${method})) || (has(self.volumes) && self.volumes.exists(v, has(v.${volume})))`,
  message: `accessCredentials use ${method}, and there is no volume for it: add one with ${volume}`,
  fieldPath: ".accessCredentials",
});

export const accessCredentialRules: Rule[] = [
  needsVolume("noCloud", "cloudInitNoCloud"),
  needsVolume("configDrive", "cloudInitConfigDrive"),
];

/** Of the instance's credentials those that only an agent can bring into its guest. */
export const credentialsByAgent = ({
  accessCredentials: all = [],
}: {
  accessCredentials?: AccessCredential[];
}): AccessCredential[] =>
  all.filter(({ sshPublicKey: keys, userPassword: password }) =>
    keys ? keys.propagationMethod.qemuGuestAgent : password?.propagationMethod.qemuGuestAgent,
  );

export const secretOfCredential = ({ sshPublicKey, userPassword }: AccessCredential): string =>
  (sshPublicKey ?? userPassword)?.source.secret?.secretName ?? "";
