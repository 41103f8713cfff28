// How long the functions' process takes from exec until it says that it is ready: in a pod, by a clock in the same pod.
import { type Pod, pods } from "@knvirt/kubernetes";
import { clusterImage, installNamespace } from "../../support/cluster-names.ts";
import { eventually } from "../../support/eventually.ts";
import { type Bench, sleeps } from "./bench.ts";

const name = "knvirt-bench-start";
const [node, port] = ["/opt/knvirt/node", 18080];

const program = (rounds: number) => `
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
const times = [];
for (let round = 0; round < ${rounds}; round += 1) {
  const started = performance.now();
  const child = spawn("${node}", ["--max-semi-space-size=2", "/opt/knvirt/functions.mjs"],
    { stdio: "inherit", env: { ...process.env, PORT: "${port}", SWEEP_SECONDS: "0" } });
  const isReady = () => fetch("http://127.0.0.1:${port}/readyz").then(({ ok }) => ok, () => false);
  while (!(await isReady())) await new Promise((resolve) => setTimeout(resolve, 2));
  times.push(performance.now() - started);
  child.kill();
  await once(child, "exit");
}
writeFileSync("/dev/termination-log", JSON.stringify(times));
`;

/** Milliseconds of each round. */
export async function execToReady(bench: Bench): Promise<number[]> {
  const { client, host } = bench;
  const key = { namespace: installNamespace, name };
  await client.create(pods, startingPod(bench));
  try {
    const message = await eventually(
      async () => {
        const [container] = (await client.find(pods, key))?.status?.containerStatuses ?? [];
        return container?.state?.terminated?.message;
      },
      { what: `pod ${name} has measured`, evidence: () => host.evidence() },
    );
    return JSON.parse(message) as number[];
  } finally {
    await client.delete(pods, key, { gracePeriodSeconds: 0 });
  }
}

const startingPod = (bench: Bench): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: installNamespace },
  spec: {
    restartPolicy: "Never",
    serviceAccountName: sleeps(bench) ? "knvirt-lifecycle" : "knvirt-controller",
    containers: [
      {
        name: "start",
        image: clusterImage("functions"),
        imagePullPolicy: "IfNotPresent",
        command: [node, "--input-type=module", "-e", program(bench.rounds)],
        env: [{ name: "LAUNCHER_IMAGE", value: clusterImage("launcher") }],
      },
    ],
  },
});
