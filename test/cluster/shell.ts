// A shell inside a node, where kubectl works and the cluster's own programs are at hand.
import { spawn } from "node:child_process";
import { enter } from "./node/namespaces.ts";
import { runningNodes } from "./nodes.ts";
import { clusterPlaces } from "./places.ts";
import { programFolder } from "./programs.ts";
import { containerdSocket } from "./worker/layout.ts";

/** Where it was called from, unless that is what a node has of its own; entering left us in the root folder. */
const inFolder = ["sh", "-c", 'cd "$0" 2>/dev/null; exec "$@"'];

/** Ends with the exit code of the command. */
export async function shell(number: number, command: string[]): Promise<void> {
  const places = clusterPlaces();
  const node = runningNodes(places).find(({ plan }) => plan.number === number)?.node;
  if (!node) throw new Error(`node-${number} does not run: npm run cluster -- status shows those that do`);
  const folders = [programFolder(places, "kubernetes"), programFolder(places, "containerd")];
  const env = {
    ...process.env,
    KUBECONFIG: places.kubeconfig,
    PATH: [...folders, process.env.PATH].join(":"),
    CONTAINERD_ADDRESS: containerdSocket,
    CONTAINERD_NAMESPACE: "k8s.io",
  };
  const wanted = command.length > 0 ? command : [process.env.SHELL ?? "/bin/sh"];
  const argv = enter(node, [...inFolder, process.cwd(), ...wanted]);
  process.exitCode = await new Promise<number>((resolve, reject) => {
    const child = spawn(argv[0] ?? "", argv.slice(1), { stdio: "inherit", env });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
