// Access credentials as they lie in the launcher pod: a folder for each Secret, a file for each of its keys, which the
// kubelet replaces when the Secret changes.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type AccessCredential, secretOfCredential } from "@knvirt/api";
import { ifThere } from "../if-there.ts";
import type { Paths } from "../paths.ts";

export type SecretFile = [name: string, text: string];

/** The kubelet's own entries begin with two dots. */
export async function readSecret(paths: Paths, credential: AccessCredential): Promise<SecretFile[]> {
  const directory = paths.accessCredential(secretOfCredential(credential));
  const names = (await readdir(directory)).filter((name) => !name.startsWith("..")).sort();
  const files = names.map(async (name): Promise<SecretFile[]> => {
    const text = await ifThere(readFile(join(directory, name), "utf8"));
    return text === undefined ? [] : [[name, text]];
  });
  return (await Promise.all(files)).flat();
}

/** One in each line, whatever file it is in; what is no key is left to who wrote it. */
export const keysIn = (files: SecretFile[]): string[] =>
  files
    .flatMap(([, text]) => text.split("\n"))
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));

/** Keys that a guest takes from cloud-init's data. */
export async function keysByCloudInit(
  credentials: AccessCredential[],
  method: "noCloud" | "configDrive",
  paths: Paths,
): Promise<string[]> {
  const wanted = credentials.filter(({ sshPublicKey }) => sshPublicKey?.propagationMethod[method]);
  return (await Promise.all(wanted.map((credential) => readSecret(paths, credential)))).flatMap(keysIn);
}
