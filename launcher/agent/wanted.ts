// What an agent is to bring into its guest: for each user all keys that any Secret has for them, since keys are replaced
// as a whole, and each user's password. Pure.
import { type AccessCredential, secretOfCredential } from "@knvirt/api";
import type { Command } from "./channel.ts";
import { setKeys, setPassword } from "./commands.ts";
import { keysIn, type SecretFile } from "./secrets.ts";

/** A credential with the files of its Secret, or why they cannot be read. */
export interface Found {
  credential: AccessCredential;
  files: SecretFile[] | Error;
}

export interface Wanted {
  /** Also tells it from the others. */
  what: string;
  /** An error where it cannot be known what is to be brought. */
  command: Command<true> | Error;
}

/** In the order in which they were given first; of two passwords of a user the later one counts. */
export function wantedOf(found: Found[]): Wanted[] {
  const wanted = new Map<string, Wanted["command"]>();
  for (const user of new Set(found.flatMap(usersOf))) wanted.set(`keys of user ${user}`, keysOf(user, found));
  for (const { credential, files } of found.filter(({ credential }) => credential.userPassword))
    if (files instanceof Error) wanted.set(`passwords of secret ${secretOfCredential(credential)}`, files);
    else for (const [user, text] of files) wanted.set(`password of user ${user}`, setPassword(user, text.trimEnd()));
  return [...wanted].map(([what, command]) => ({ what, command }));
}

const usersOf = ({ credential }: Found): string[] =>
  credential.sshPublicKey?.propagationMethod.qemuGuestAgent?.users ?? [];

/** None is replaced as long as one of the Secrets is not known: its keys would be taken away. */
function keysOf(user: string, found: Found[]): Wanted["command"] {
  const keys: string[] = [];
  for (const { files } of found.filter((one) => usersOf(one).includes(user))) {
    if (files instanceof Error) return files;
    keys.push(...keysIn(files));
  }
  return setKeys(user, [...new Set(keys)]);
}
