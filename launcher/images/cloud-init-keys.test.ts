// Keys of users in cloud-init's data, as each data source spells them.
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Folders, inImage, launcherFolders, put } from "../testing/folders.ts";
import { aVmi } from "../testing/vmi.ts";
import { diskImages } from "./index.ts";

let folders: Folders;
beforeEach(async () => {
  folders = await launcherFolders();
  await put(join(folders.paths.accessCredential("mine"), "key"), "ssh-rsa AAA alice\nssh-rsa BBB bob\n");
});
afterEach(() => folders.remove());

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
  const { init } = await diskImages(vmi, folders.paths);
  expect(JSON.parse(inImage(init?.path ?? "", file))[field]).toEqual(keys);
});
