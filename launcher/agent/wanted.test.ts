import { expect, test } from "@jest/globals";
import { type Found, wantedOf } from "./wanted.ts";

const source = (secretName: string) => ({ secret: { secretName } });
const keys = (users: string[], files: Found["files"]): Found => ({
  credential: { sshPublicKey: { source: source("keys"), propagationMethod: { qemuGuestAgent: { users } } } },
  files,
});
const passwords = (files: Found["files"]): Found => ({
  credential: { userPassword: { source: source("words"), propagationMethod: { qemuGuestAgent: {} } } },
  files,
});
const gone = new Error("the secret is not there");

const password = (text: string): string => Buffer.from(text).toString("base64");

test.each<{ when: string; given: Found[]; want: Record<string, unknown> }>([
  { when: "there is none", given: [], want: {} },
  {
    when: "two Secrets have keys of one user, and one of another one's",
    given: [keys(["ann", "bob"], [["a", "ssh-rsa A"]]), keys(["ann"], [["b", "ssh-rsa B\nssh-rsa A"]])],
    want: { "keys of user ann": ["ssh-rsa A", "ssh-rsa B"], "keys of user bob": ["ssh-rsa A"] },
  },
  {
    when: "one of a user's Secrets cannot be read",
    given: [keys(["ann"], [["a", "ssh-rsa A"]]), keys(["ann"], gone), keys(["bob"], [["a", "ssh-rsa A"]])],
    want: { "keys of user ann": gone, "keys of user bob": ["ssh-rsa A"] },
  },
  {
    when: "two Secrets have a password of one user",
    given: [passwords([["ann", "old\n"]]), passwords([["ann", " new "]])],
    want: { "password of user ann": password(" new") },
  },
  {
    when: "a Secret of passwords cannot be read",
    given: [passwords(gone)],
    want: { "passwords of secret words": gone },
  },
])("what is to be brought when $when", ({ given, want }) => {
  const brought = wantedOf(given).map(({ what, command }) => {
    if (command instanceof Error) return [what, command];
    const { keys, password } = command.arguments as { keys?: string[]; password?: string };
    return [what, keys ?? password];
  });
  expect(Object.fromEntries(brought)).toEqual(want);
});
