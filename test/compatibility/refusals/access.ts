// Refusals of keys and passwords for the guest.
import type { SpecRefusal } from "./row.ts";

const source = { secret: { secretName: "keys" } };
const credentials = (given: object) => ({ accessCredentials: [given] });
const keys = (propagationMethod: object, from: object = source) =>
  credentials({ sshPublicKey: { source: from, propagationMethod } });

/** When, the spec, the field below its one credential, the message. */
const rows: [string, object, string, string][] = [
  [
    "a credential of no type",
    credentials({}),
    "[0]",
    "an access credential has exactly one type: expected one of sshPublicKey, userPassword",
  ],
  [
    "a credential without a source",
    keys({ noCloud: {} }, {}),
    "[0].sshPublicKey.source.secret",
    "an access credential has exactly one source: found none, expected secret",
  ],
  [
    "keys that come in two ways",
    keys({ noCloud: {}, configDrive: {} }),
    "[0].sshPublicKey.propagationMethod",
    "sshPublicKey has exactly one propagation method: expected one of qemuGuestAgent, noCloud, configDrive",
  ],
  [
    "a password that comes in no way",
    credentials({ userPassword: { source, propagationMethod: {} } }),
    "[0].userPassword.propagationMethod.qemuGuestAgent",
    "userPassword has exactly one propagation method: found none, expected qemuGuestAgent",
  ],
  [
    "keys by the agent for nobody",
    keys({ qemuGuestAgent: { users: [] } }),
    "[0].sshPublicKey.propagationMethod.qemuGuestAgent.users",
    "should have at least 1 items",
  ],
  [
    "keys by a NoCloud volume that there is not",
    keys({ noCloud: {} }),
    "",
    "accessCredentials use noCloud, and there is no volume for it: add one with cloudInitNoCloud",
  ],
  [
    "keys by a config drive that there is not",
    keys({ configDrive: {} }),
    "",
    "accessCredentials use configDrive, and there is no volume for it: add one with cloudInitConfigDrive",
  ],
];

export const accessRefusals: SpecRefusal[] = rows.map(([when, spec, field, message]) => ({
  id: "VI-28",
  when,
  spec,
  field: `accessCredentials${field}`,
  message,
}));
