// Keys of users in cloud-init's data, as each data source spells them.
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Paths, pathsBelow } from "../paths.ts";
import { aVmi } from "../testing/vmi.ts";
import { diskImages } from "./index.ts";

let root: string;
let paths: Paths;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "knvirt-keys-"));
  paths = pathsBelow(root);
  for (const directory of [paths.disks, paths.private, paths.accessCredential("mine")])
    await mkdir(directory, { recursive: true });
  await writeFile(join(paths.accessCredential("mine"), "key"), "ssh-rsa AAA alice\nssh-rsa BBB bob\n");
});
afterEach(() => rm(root, { recursive: true }));

const inImage = (image: string, name: string): string =>
  execFileSync("xorriso", ["-osirrox", "on", "-indev", image, "-concat", "append", "-", `/${name}`, "--"], {
    stdio: ["ignore", "pipe", "ignore"],
  }).toString();

const keys = { "0": "ssh-rsa AAA alice", "1": "ssh-rsa BBB bob" };

test.each([
  { method: "noCloud", volume: "cloudInitNoCloud", file: "meta-data", field: "public-keys" },
  {
    method: "configDrive",
    volume: "cloudInitConfigDrive",
    file: "openstack/latest/meta_data.json",
    field: "public_keys",
  },
])("keys by $method are told as $field", async ({ method, volume, file, field }) => {
  const source = { secret: { secretName: "mine" } };
  const vmi = aVmi({
    accessCredentials: [{ sshPublicKey: { source, propagationMethod: { [method]: {} } } }],
    volumes: [{ name: "init", [volume]: { userData: "#cloud-config" } }],
  });
  const { init } = await diskImages(vmi, paths);
  expect(JSON.parse(inImage(init?.path ?? "", file))[field]).toEqual(keys);
});
