// The command line: one word decides which command runs; a failure is one sentence, not a stack.
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { openConsole } from "./commands/console.ts";
import { runController } from "./commands/controller.ts";
import { guest } from "./commands/guest.ts";
import { start } from "./commands/start.ts";
import { status } from "./commands/status.ts";
import { stop } from "./commands/stop.ts";
import { dataDirOf, settingsAt } from "./settings.ts";
import { sinkOf } from "./sink.ts";

const help = `usage: knvirt COMMAND

  start [FILE...]        start everything and apply the manifests, or boot the example VM; keeps serving
        --no-example     apply nothing when no FILE is given
        --events URL     send what happens to guests there as CloudEvents: see docs/cloudevents.md
        --record         keep what is observed and decided, for npm run replay: see docs/recording.md
  status                 what runs, and for each VM that does not run, why
  console NAME           serial console of a VM; -n NAMESPACE, default "default"
  guest                  the example guest as files for an image, into dist/guest
  controller             the functions alone, for the cluster of $KUBECONFIG; $LAUNCHER_IMAGE names the launcher's image
  stop                   end everything, VMs too; the data stays for the next start
       --purge           remove the data as well

Data is kept in $KNVIRT_DATA, default /var/lib/knvirt.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
    namespace: { type: "string", short: "n", default: "default" },
    "no-example": { type: "boolean", default: false },
    purge: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
  },
});

const [command = "help", ...operands] = positionals;

async function runCommand(): Promise<void> {
  if (command === "help" || values.help) return void process.stdout.write(help);
  if (command === "controller") return runController();
  if (process.getuid?.() !== 0)
    throw new Error(`${command} needs root: network namespaces, mounts and cgroups are made`);
  const dataDir = dataDirOf(process.env);
  // Looking must not make what is looked for.
  if (!["start", "guest"].includes(command) && !existsSync(dataDir))
    return console.log(`knvirt in ${dataDir}: nothing is there`);
  const settings = await settingsAt(dataDir);
  switch (command) {
    case "start":
      return start(settings, {
        files: operands,
        example: !values["no-example"],
        record: values.record,
        ...(values.events !== undefined && { events: sinkOf(values.events) }),
      });
    case "guest":
      return guest(settings);
    case "stop":
      return stop(settings, { purge: values.purge });
    case "status":
      return status(settings);
    case "console":
      return openConsole({ kubeconfig: settings.kubeconfig, namespace: values.namespace, name: operandOf(operands) });
    default:
      throw new Error(`${command} is no command: run knvirt help`);
  }
}

function operandOf([name]: string[]): string {
  if (!name) throw new Error("console needs the name of a VM");
  return name;
}

try {
  await runCommand();
} catch (error) {
  console.error(`knvirt: ${(error as Error).message}`);
  if (process.env.KNVIRT_DEBUG) console.error(error);
  process.exitCode = 1;
}
