// Runs the API server alone, for tests: `node main.ts DIRECTORY [PORT]` prints its address as one line of JSON.
import { join } from "node:path";
import { ensureTokens, startApiServer, writeKubeconfig } from "./index.ts";

const [dataDir, port = "0"] = process.argv.slice(2);
if (!dataDir) {
  console.error("usage: main.ts DIRECTORY [PORT]");
  process.exit(2);
}

const tokens = ensureTokens(join(dataDir, "tokens.json"), [{ username: "admin", groups: ["system:masters"] }]);
const { token = "", username = "" } = tokens[0] ?? {};
const log = { debug: () => {}, info: () => {}, warn: console.error, error: console.error };
const server = await startApiServer({ dataDir, port: Number(port), tokens, log });
const path = join(dataDir, "kubeconfig");
writeKubeconfig(path, { url: server.url, ca: server.ca, username, token });
console.log(JSON.stringify({ url: server.url, kubeconfig: path }));
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    void server.close().then(() => process.exit(0));
  });
