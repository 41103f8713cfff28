// npm run cluster: a real Kubernetes on this machine, for tests and to try knvirt on.
import { parseArgs } from "node:util";
import { openConsole } from "../../standalone/commands/console.ts";
import { down } from "./down.ts";
import { evidence, installOverlay, removeOverlay } from "./overlay/index.ts";
import { clusterPlaces } from "./places.ts";
import { shell } from "./shell.ts";
import { status } from "./status.ts";
import { up } from "./up.ts";

const usage = `usage: npm run cluster -- up [--nodes N] [--without-knative]   bring it up, or what is missing of it
       npm run cluster -- install OVERLAY                   apply config/overlays/OVERLAY with the images made here
       npm run cluster -- remove OVERLAY                    end all VMs, delete it, until nothing is left
       npm run cluster -- status                            what runs
       npm run cluster -- evidence                          objects, events and logs
       npm run cluster -- shell [--node N] [-- COMMAND]     a shell, or a command, in a node; kubectl is there
       npm run cluster -- console NAME [-n NAMESPACE]       serial console of a VM
       npm run cluster -- down                              leave nothing of it but the cache`;

const places = clusterPlaces();
const separator = process.argv.indexOf("--", 2);
const ours = process.argv.slice(2, separator === -1 ? undefined : separator);
const command = separator === -1 ? [] : process.argv.slice(separator + 1);

function chosen(): (() => Promise<unknown>) | undefined {
  const { positionals, values } = parseArgs({
    args: ours,
    allowPositionals: true,
    options: {
      nodes: { type: "string", default: "1" },
      node: { type: "string", default: "1" },
      namespace: { type: "string", short: "n", default: "default" },
      "without-knative": { type: "boolean", default: false },
    },
  });
  const [name = "", operand = ""] = positionals;
  const commands: Record<string, () => Promise<unknown>> = {
    up: () => up({ nodes: Number(values.nodes), knative: !values["without-knative"] }),
    down,
    status,
    evidence,
    install: () => installOverlay(operand),
    remove: () => removeOverlay(operand),
    console: () => openConsole({ kubeconfig: places.kubeconfig, namespace: values.namespace, name: operand }),
    shell: () => shell(Number(values.node), command),
  };
  return commands[name];
}

try {
  const run = chosen();
  if (!run) throw new Error(usage);
  if (process.getuid?.() !== 0 && !places.foreign)
    throw new Error("cluster is made of namespaces and mounts, which only root can make");
  await run();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
