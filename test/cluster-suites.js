// The specs that run on a cluster: for each overlay installed, run, removed, and nothing may be left of it.
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The whole set on the first; on the others what could differ there, for the sake of time. */
const patternsOf = {
  knative: [],
  controller: ["boot", "controller", "lifecycle", "missing-claim", "rights", "run-strategy"],
};
const minutes = { up: 60, install: 8, specs: 40, remove: 6, down: 5 };
/** A second one, to lose it. */
const nodes = ["--nodes", "2"];
const jestArguments = ["--config", "test/cluster/jest.config.js", "--runInBand"];

/** @param {{ overlays?: string[], patterns: string[] }} chosen */
export async function clusterSuites(suites, { overlays = Object.keys(patternsOf), patterns }) {
  const places = process.env.KNVIRT_CLUSTER ?? "/var/lib/knvirt-cluster";
  const wasUp = process.env.KUBECONFIG !== undefined || existsSync(join(places, "kubeconfig"));
  const cluster = (command) =>
    suites.step(`cluster ${command}`, ["test/cluster/main.ts", command, ...nodes], { minutes: minutes[command] });
  if (!(await cluster("up"))) return;
  for (const overlay of overlays)
    await onOverlay(suites, overlay, patterns.length > 0 ? patterns : (patternsOf[overlay] ?? []));
  if (!wasUp) await cluster("down");
}

async function onOverlay(suites, overlay, patterns) {
  const program = (command) => ["test/cluster/main.ts", command, overlay];
  const options = { env: { KNVIRT_TEST_OVERLAY: overlay }, evidence: ["test/cluster/main.ts", "evidence"] };
  const step = (command) =>
    suites.step(`${command} overlay ${overlay}`, program(command), { ...options, minutes: minutes[command] });
  if (await step("install"))
    await suites.jest(`overlay ${overlay}`, [...jestArguments, ...patterns], { ...options, minutes: minutes.specs });
  await step("remove");
}
