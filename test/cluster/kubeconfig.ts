// The file that tells a client where the API server is and who it is; credentials are inside, so it can be copied.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface KubeconfigPlan {
  file: string;
  /** Name of a certificate in the folder. */
  user: string;
  server: string;
  certificates: string;
}

export async function writeKubeconfig({ file, user, server, certificates }: KubeconfigPlan): Promise<void> {
  const base64 = async (name: string) => (await readFile(join(certificates, name))).toString("base64");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "knvirt", cluster: { server, "certificate-authority-data": await base64("ca.crt") } }],
    users: [
      {
        name: user,
        user: {
          "client-certificate-data": await base64(`${user}.crt`),
          "client-key-data": await base64(`${user}.key`),
        },
      },
    ],
    contexts: [{ name: "knvirt", context: { cluster: "knvirt", user } }],
    "current-context": "knvirt",
  };
  await writeFile(file, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
}
