// The file with which kubectl and our own processes find the server.
import { writeSecret } from "./tokens.ts";

interface KubeconfigContent {
  url: string;
  /** PEM. */
  ca: string;
  username: string;
  token: string;
}

/** JSON is YAML too, so every client reads it. */
function kubeconfig({ url, ca, username, token }: KubeconfigContent): string {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "knvirt",
        cluster: { server: url, "certificate-authority-data": Buffer.from(ca).toString("base64") },
      },
    ],
    users: [{ name: username, user: { token } }],
    contexts: [{ name: "knvirt", context: { cluster: "knvirt", user: username } }],
    "current-context": "knvirt",
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

export const writeKubeconfig = (path: string, content: KubeconfigContent): void =>
  writeSecret(path, kubeconfig(content));
