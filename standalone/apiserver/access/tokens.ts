// The bearer tokens of this installation, made once and kept in a file that only root reads.
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { TokenUser, User } from "../http/authentication.ts";

/** Users already in the file keep their tokens; missing ones are added. */
export function ensureTokens(path: string, users: readonly User[]): TokenUser[] {
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as TokenUser[]) : [];
  const missing = users.filter(({ username }) => !known.some((user) => user.username === username));
  if (missing.length === 0) return known;
  const all = [...known, ...missing.map((user) => ({ token: randomBytes(32).toString("base64url"), ...user }))];
  writeSecret(path, `${JSON.stringify(all, null, 2)}\n`);
  return all;
}

/** Whole or not at all, and never readable by others. What is there already is left: a full disk has no room for more. */
export function writeSecret(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.new`;
  const file = openSync(fresh, "w", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
}
