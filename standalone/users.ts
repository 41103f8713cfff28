// Who may speak to the API server of this machine, and the files by which each proves it.
import { join } from "node:path";
import {
  type ApiServer,
  ensureTokens,
  type TokenUser,
  type User,
  writeKubeconfig,
  writeSecret,
} from "./apiserver/index.ts";
import { kubeconfigOf } from "./control-plane.ts";
import type { Settings } from "./settings.ts";

const serviceAccount = (name: string) => ({
  username: `system:serviceaccount:knvirt:${name}`,
  groups: ["system:serviceaccounts", "system:serviceaccounts:knvirt", "system:authenticated"],
});

const admin = { username: "admin", groups: ["system:masters", "system:authenticated"] };

/** Processes of ours, by the name of their kubeconfig. */
const processes: Record<string, User> = {
  functions: serviceAccount("functions"),
  "node-executor": serviceAccount("node-executor"),
  gateway: serviceAccount("gateway"),
  "pod-runner": { username: "system:node", groups: ["system:nodes", "system:authenticated"] },
  scheduler: { username: "system:kube-scheduler", groups: ["system:authenticated"] },
  "event-source": serviceAccount("event-source"),
};

export const tokensOf = ({ dataDir }: Settings): TokenUser[] =>
  ensureTokens(join(dataDir, "access", "tokens.json"), [admin, ...Object.values(processes)]);

export function writeKubeconfigs(settings: Settings, { url, ca }: ApiServer, tokens: TokenUser[]): void {
  const write = (path: string, username: string): void =>
    writeKubeconfig(path, { url, ca, username, token: tokenOf(tokens, username) });
  write(settings.kubeconfig, admin.username);
  for (const [name, { username }] of Object.entries(processes)) write(kubeconfigOf(settings, name), username);
  writeSecret(join(settings.dataDir, "access", "token"), tokenOf(tokens, admin.username));
}

function tokenOf(tokens: TokenUser[], username: string): string {
  const user = tokens.find((entry) => entry.username === username);
  if (!user) throw new Error(`user ${username} has no token`);
  return user.token;
}
