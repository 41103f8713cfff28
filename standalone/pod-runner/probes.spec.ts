// Probes on this machine for real: a pod is ready when its probe says so, and ends when it does not live any more.
import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Client, events, type Pod, pods } from "@knvirt/kubernetes";
import { eventually } from "../../test/support/eventually.ts";
import { aMachine, aPod, podWhen, runnerOn, stateOf, type TestMachine, waits } from "../testing/test-machine.ts";
import type { PodRunner } from "./index.ts";

let machine: TestMachine;
let client: Client;
let runner: PodRunner;

beforeAll(async () => {
  machine = await aMachine();
  client = machine.client;
  runner = await runnerOn(machine);
});
afterAll(async () => {
  await runner.stop();
  expect(await machine.end()).toEqual([]);
});

const isReady = (pod: Pod | undefined): boolean =>
  pod?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
const isRunning = (pod: Pod | undefined): boolean => pod?.status?.phase === "Running";
const remove = (name: string) => client.delete(pods, { namespace: "default", name });

/** Processes of this machine by how they were called. */
async function programsRunning(commandLine: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const called = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return called.filter((found) => found === commandLine);
}

const looksFor = (file: string) => ({ exec: { command: ["/bin/sh", "-c", `test -e ${file}`] }, periodSeconds: 1 });

test("a pod is ready once its probe succeeds, no more when it fails, and again with another runner", async () => {
  const script = `rm -f /work/ready; (sleep 2; touch /work/ready; sleep 6; rm /work/ready) & ${waits}`;
  const readinessProbe = { ...looksFor("/work/ready"), failureThreshold: 1 };
  const volumes = [{ name: "work", emptyDir: {} }];
  const container = { readinessProbe, volumeMounts: [{ name: "work", mountPath: "/work" }] };
  await client.create(pods, aPod("asked", script, { volumes, container }));

  expect(isReady(await podWhen(client, "asked", isRunning))).toBe(false);
  await podWhen(client, "asked", isReady);
  await runner.stop();
  runner = await runnerOn(machine);
  expect(isReady(await client.find(pods, { namespace: "default", name: "asked" }))).toBe(true);
  await podWhen(client, "asked", (pod) => !isReady(pod));

  const told = await eventually(
    async () => (await client.list(events)).items.find(({ reason }) => reason === "Unhealthy"),
    { what: "a failed probe is told" },
  );
  expect(told.message).toContain("readiness probe failed");
  await remove("asked");
  await podWhen(client, "asked", (pod) => pod === undefined);
});

test("a pod that does not live any more is asked to end", async () => {
  const livenessProbe = { ...looksFor("/tmp/none"), failureThreshold: 2, initialDelaySeconds: 1 };
  await client.create(pods, aPod("dead", waits, { container: { livenessProbe } }));

  const ended = await podWhen(client, "dead", (pod) => pod?.status?.phase === "Failed");

  expect(stateOf(ended)?.terminated).toMatchObject({ exitCode: 3, message: "asked to end\n" });
  await remove("dead");
  await podWhen(client, "dead", (pod) => pod === undefined);
});

test("a program that is asked runs as the container's user, with its rights, and what it says is told", async () => {
  const script = "id -u; grep -E '^(CapEff|NoNewPrivs)' /proc/self/status | tr '\\n' ' '; exit 7";
  const readinessProbe = { exec: { command: ["/bin/sh", "-c", script] }, periodSeconds: 1, timeoutSeconds: 10 };
  await client.create(pods, aPod("user", waits, { container: { readinessProbe } }));
  const told = await eventually(
    async () => (await client.list(events)).items.find(({ involvedObject }) => involvedObject.name === "user"),
    { what: "what the program said is told" },
  );
  expect(told.message).toMatch(
    /^readiness probe failed: \/bin\/sh ended with code 7: 107\nCapEff:\t0{16} NoNewPrivs:\t1$/,
  );
  await remove("user");
  await podWhen(client, "user", (pod) => pod === undefined);
});

test("programs that do not end are ended, with all that they started", async () => {
  const command = ["/bin/sh", "-c", "sleep 4321 & sleep 4321"];
  const slow = { exec: { command }, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 100 };
  await client.create(pods, aPod("slow", waits, { container: { readinessProbe: slow, livenessProbe: slow } }));
  const told = async (kind: string) =>
    (await client.list(events)).items.find(
      ({ involvedObject: { name }, message }) => name === "slow" && message.startsWith(kind),
    );
  for (const kind of ["readiness", "liveness"]) {
    const event = await eventually(async () => ((await told(kind))?.count ?? 0) >= 4 && told(kind), {
      what: `the ${kind} probe has failed four times`,
    });
    expect(event.message).toBe(`${kind} probe failed: no answer within 1 s`);
  }
  // Of each kind one may run now, and the ends of the ones before may still be waited for.
  expect((await programsRunning("sleep\x004321\0")).length).toBeLessThanOrEqual(4);
  await remove("slow");
  await podWhen(client, "slow", (pod) => pod === undefined);
});

test("a port that nobody listens on is not ready", async () => {
  const readinessProbe = { tcpSocket: { port: 80 }, periodSeconds: 1 };
  await client.create(pods, aPod("deaf", waits, { container: { readinessProbe } }));
  const told = await eventually(
    async () => (await client.list(events)).items.find(({ message }) => message.includes("ECONNREFUSED")),
    { what: "a refused connection is told" },
  );
  expect(told.involvedObject.name).toBe("deaf");
  expect(isReady(await client.find(pods, { namespace: "default", name: "deaf" }))).toBe(false);
  await remove("deaf");
  await podWhen(client, "deaf", (pod) => pod === undefined);
});
