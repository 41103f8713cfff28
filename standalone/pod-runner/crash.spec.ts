// The runner is killed at every stage of a pod's start and end; the next one brings it to the same place, and
// nothing is left over.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Client, type Pod, pods } from "@knvirt/kubernetes";
import { tracesOf, untilNoTrace } from "../../test/support/traces.ts";
import { aMachine, aPod, podWhen, type TestMachine, waits } from "../testing/test-machine.ts";

let machine: TestMachine;
let client: Client;
let runner: ChildProcess;

beforeAll(async () => {
  machine = await aMachine();
  client = machine.client;
  runner = await startRunner();
});
afterAll(async () => {
  await killRunner();
  expect(await machine.end()).toEqual([]);
});

/** In a process of its own, as the cluster process is. */
async function startRunner(): Promise<ChildProcess> {
  const { instance, kubeconfig } = machine;
  const given = JSON.stringify({ instance, kubeconfig });
  const program = `import { runnerOn } from "${join(import.meta.dirname, "..", "testing", "test-machine.ts")}";
    await runnerOn(${given}, "warn");
    console.log("ready");`;
  const child = spawn(process.execPath, ["--no-warnings", "--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data"); // "ready"
  return child;
}

async function killRunner(): Promise<void> {
  if (runner.exitCode !== null || runner.signalCode !== null) return;
  runner.kill("SIGKILL");
  await once(runner, "exit");
}

const isRunning = (pod: Pod | undefined): boolean => pod?.status?.phase === "Running";
const isGone = (pod: Pod | undefined): boolean => pod === undefined;

async function restartRunner(): Promise<void> {
  await killRunner();
  runner = await startRunner();
}

/** From the first write to beyond the container's start. */
const startStagesMs = [1, 8, 16, 25, 35, 45, 55, 65, 80, 100, 130];

test("killed at any stage of a start: the pod runs, once", async () => {
  for (const [index, stage] of startStagesMs.entries()) {
    const name = `start-${index}`;
    await client.create(pods, aPod(name, waits));
    await podWhen(client, name, (pod) => pod?.spec.nodeName !== undefined);
    await sleep(stage);
    await restartRunner();
    const running = await podWhen(client, name, isRunning);
    expect(running?.status?.containerStatuses?.[0]).toMatchObject({ ready: true, restartCount: 0 });
    const uid = running?.metadata.uid ?? "";
    const processes = tracesOf(machine.instance.dataDir).filter(
      (line) => line.startsWith("process") && line.includes(uid),
    );
    expect(processes.filter((line) => line.includes("conmon"))).toHaveLength(1);
    await client.delete(pods, { namespace: "default", name });
    await podWhen(client, name, isGone);
  }
}, 600_000);

const endStagesMs = [1, 10, 20, 35, 50, 70];

test("killed at any stage of an end: the pod goes, and nothing stays", async () => {
  for (const [index, stage] of endStagesMs.entries()) {
    const name = `end-${index}`;
    await client.create(pods, aPod(name, waits));
    const uid = (await podWhen(client, name, isRunning))?.metadata.uid ?? "";
    await client.delete(pods, { namespace: "default", name });
    await sleep(stage);
    await restartRunner();
    await podWhen(client, name, isGone);
    await untilNoTrace(machine.instance.dataDir, uid);
  }
}, 600_000);

test("a killed monitor: the container goes on, and its end is found though nobody saw it", async () => {
  await client.create(pods, aPod("unseen", waits));
  const uid = (await podWhen(client, "unseen", isRunning))?.metadata.uid ?? "";
  const traces = tracesOf(machine.instance.dataDir).filter(
    (line) => line.startsWith("process") && line.includes(uid),
  );
  const monitor = Number(traces.find((line) => line.includes("/conmon "))?.split(" ")[1]);
  process.kill(monitor, "SIGKILL");
  const container = Number(traces.find((line) => !line.includes("/conmon "))?.split(" ")[1]);
  process.kill(container, "SIGKILL");
  await restartRunner();
  const ended = await podWhen(client, "unseen", (pod) => pod?.status?.phase === "Failed");
  expect(ended?.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
    exitCode: 137,
    reason: "ContainerStatusUnknown",
  });
  await client.delete(pods, { namespace: "default", name: "unseen" });
  await podWhen(client, "unseen", isGone);
});
