// Who is asking: bearer tokens only, compared in constant time.
import { createHash, timingSafeEqual } from "node:crypto";
import { ApiError } from "../errors.ts";

export interface User {
  username: string;
  groups: string[];
}

export interface TokenUser extends User {
  token: string;
}

/** Digests have one length, so comparing them tells nothing about the tokens. */
const digest = (token: string): Buffer => createHash("sha256").update(token).digest();

export type FindUser = (token: string) => User | undefined;

export function tokenLookup(users: readonly TokenUser[]): FindUser {
  const known = users.map(({ token, username, groups }) => ({
    digest: digest(token),
    user: { username, groups: [...new Set([...groups, "system:authenticated"])] },
  }));
  return (token) => {
    const presented = digest(token);
    // All are compared, so that the time does not tell which one matched.
    const matches = known.filter((entry) => timingSafeEqual(entry.digest, presented));
    return matches[0]?.user;
  };
}

export function authenticate(findUser: FindUser, authorization: string | undefined): User {
  const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  const user = token === undefined ? undefined : findUser(token);
  if (!user) throw new ApiError("Unauthorized", "Unauthorized");
  return user;
}
