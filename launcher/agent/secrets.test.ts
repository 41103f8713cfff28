import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Paths, pathsBelow } from "../paths.ts";
import { keysByCloudInit, keysIn, readSecret } from "./secrets.ts";

let root: string;
let paths: Paths;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "knvirt-secrets-"));
  paths = pathsBelow(root);
});
afterEach(() => rm(root, { recursive: true }));

const credential = (secretName: string, propagationMethod: object) => ({
  sshPublicKey: { source: { secret: { secretName } }, propagationMethod },
});

/** As the kubelet does it. */
async function mount(secret: string, files: Record<string, string>): Promise<void> {
  const directory = paths.accessCredential(secret);
  await mkdir(join(directory, "..2026"), { recursive: true });
  await symlink("..2026", join(directory, "..data"));
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(directory, "..2026", name), text);
    await symlink(join("..data", name), join(directory, name));
  }
}

test("keys are the lines of all files, in the order of their names", async () => {
  await mount("keys", { bob: "ssh-rsa BBB bob\n", alice: "# hers\n\n ssh-rsa AAA alice \r\nssh-rsa AAB alice" });
  const files = await readSecret(paths, credential("keys", { noCloud: {} }));
  expect(keysIn(files)).toEqual(["ssh-rsa AAA alice", "ssh-rsa AAB alice", "ssh-rsa BBB bob"]);
});

test("cloud-init brings those that are for its data source", async () => {
  await mount("one", { key: "ssh-rsa ONE" });
  await mount("two", { key: "ssh-rsa TWO" });
  await mount("three", { key: "ssh-rsa THREE" });
  const all = [
    credential("one", { noCloud: {} }),
    credential("two", { configDrive: {} }),
    credential("three", { qemuGuestAgent: { users: ["root"] } }),
  ];
  expect(await keysByCloudInit(all, "noCloud", paths)).toEqual(["ssh-rsa ONE"]);
  expect(await keysByCloudInit(all, "configDrive", paths)).toEqual(["ssh-rsa TWO"]);
});
