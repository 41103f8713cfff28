import { expect, test } from "@jest/globals";
import { aVmi } from "../testing/builders.ts";
import { accessCredentialVolumes } from "./access-credentials.ts";

const keys = (secretName: string) => ({
  sshPublicKey: { source: { secret: { secretName } }, propagationMethod: { noCloud: {} } },
});
const password = (secretName: string) => ({
  userPassword: { source: { secret: { secretName } }, propagationMethod: { qemuGuestAgent: {} } },
});
const mounted = (name: unknown, secretName: string) => ({
  volume: { name, secret: { secretName } },
  mountPath: `/var/run/knvirt/access-credentials/${secretName}`,
  readOnly: true,
});

test.each([
  { when: "there are none", given: undefined, want: [] },
  {
    when: "two need the same Secret",
    given: [keys("mine"), password("mine"), keys("other")],
    want: [mounted("access-credential-mine", "mine"), mounted("access-credential-other", "other")],
  },
  {
    when: "Secrets have dots, which volumes have not",
    given: [keys("a.b"), keys("a-b")],
    want: [
      mounted(expect.stringMatching(/^access-credential-a-b-[0-9a-f]{8}$/), "a.b"),
      mounted("access-credential-a-b", "a-b"),
    ],
  },
])("volumes when $when", ({ given, want }) => {
  const { spec } = aVmi();
  expect(accessCredentialVolumes({ ...spec, ...(given && { accessCredentials: given }) })).toEqual(want);
});
