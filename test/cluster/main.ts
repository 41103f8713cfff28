// npm run cluster -- up | down | status | shell: a real Kubernetes on this machine, for tests.
import { parseArgs } from "node:util";
import { down } from "./down.ts";
import { shell } from "./shell.ts";
import { status } from "./status.ts";
import { up } from "./up.ts";

const usage = `usage: npm run cluster -- up [--nodes N] [--without-knative]   bring it up, or what is missing of it
       npm run cluster -- down                              leave nothing of it but the cache
       npm run cluster -- status                            what runs
       npm run cluster -- shell [--node N] [-- COMMAND]     a shell, or a command, in a node`;

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
      "without-knative": { type: "boolean", default: false },
    },
  });
  const commands: Record<string, () => Promise<unknown>> = {
    up: () => up({ nodes: Number(values.nodes), knative: !values["without-knative"] }),
    down,
    status,
    shell: () => shell(Number(values.node), command),
  };
  return commands[positionals[0] ?? ""];
}

try {
  const run = chosen();
  if (!run) throw new Error(usage);
  if (process.getuid?.() !== 0) throw new Error("cluster is made of namespaces and mounts, which only root can make");
  await run();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
