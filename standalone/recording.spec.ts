// What functions decided, recorded by their process and decided again by another: the same, and without a secret.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launcherPodName, type VirtualMachine, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { pods } from "@knvirt/kubernetes";
import { objectWhen } from "../test/support/object-when.ts";
import { type InstalledServer, startInstalledServer } from "./testing/installed-server.ts";

const repository = join(import.meta.dirname, "..");
const namespace = "default";
const userData = "#cloud-config\npassword: canary\n";
const aVm = (name: string): VirtualMachine => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: { namespace, name, annotations: { "kubectl.kubernetes.io/last-applied-configuration": userData } },
  spec: {
    runStrategy: "Always",
    template: {
      spec: {
        domain: { memory: { guest: "64Mi" } },
        volumes: [{ name: "seed", cloudInitNoCloud: { userData } }],
        readinessProbe: { exec: { command: ["login", "canary"] } },
      },
    },
  },
});

const folder = mkdtempSync(join(tmpdir(), "knvirt-recording-"));
let server: InstalledServer;
let functions: ChildProcess | undefined;

beforeAll(async () => {
  server = await startInstalledServer();
});
afterAll(async () => {
  functions?.kill("SIGKILL");
  await server.close();
  rmSync(folder, { recursive: true });
});

function ran(file: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(repository, file), ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  functions = child;
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk;
    });
  return { child, text: () => output, ended: once(child, "close").then(([code]) => code as number) };
}

/** A process of functions that works off what its sweeps find, until a VM has its pod and another one is gone. */
async function record(name: string, to: string): Promise<string> {
  const { child, text, ended } = ran("functions/runtime/main.ts", [], {
    ...{ KUBECONFIG: server.kubeconfig, LISTEN: join(folder, `${name}.sock`), LAUNCHER_IMAGE: "launcher:1" },
    ...{ SWEEP_SECONDS: "1", RECORD: to, RECORD_MIB: "1" },
  });
  await server.client.create(virtualMachines, aVm(name));
  const when = { key: { namespace, name: launcherPodName(name) }, of: pods };
  await objectWhen(server.client, { ...when, is: (pod) => pod !== undefined });
  await server.client.mergePatch(
    virtualMachines,
    { namespace, name },
    { patch: { spec: { runStrategy: "Halted" } } },
  );
  await objectWhen(server.client, {
    ...{ of: virtualMachineInstances, key: { namespace, name } },
    is: (vmi) => vmi === undefined || vmi.metadata.deletionTimestamp !== undefined,
  });
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  return text();
}

async function replayed(...args: string[]) {
  const { text, ended } = ran("functions/replay.ts", args);
  return { code: await ended, text: text() };
}

it("records to a file, process after process, and decides the same again", async () => {
  const path = join(folder, "decisions");
  for (const name of ["first", "second"]) await record(name, path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8")).not.toContain("canary");
  const { code, text } = await replayed(path);
  expect(text).toMatch(/again: \d+ the same, 0 different/);
  expect(text).toMatch(/create VirtualMachineInstance first/);
  expect(text).toMatch(/create Pod virt-launcher-second/);
  expect(text).toMatch(/delete vmi/);
  expect(text).toMatch(/\(sweep\)/);
  expect(text).not.toMatch(/really|damaged|not there/);
  expect(code).toBe(0);
});

it("records to the log, between its other lines", async () => {
  const log = join(folder, "log");
  const text = await record("third", "log");
  expect(text).not.toContain("canary");
  expect(text).toContain("functions are ready");
  writeFileSync(log, text.slice(0, -1));
  const found = await replayed(log, "--key", "default/third", "--function", "vmi");
  expect(found.text).toMatch(/create Pod virt-launcher-third/);
  expect(found.text).not.toMatch(/default\/third.*vm /);
  expect(found.code).toBe(0);
});

it("tells a decision that was another", async () => {
  const path = join(folder, "decisions");
  const changed = join(folder, "changed");
  writeFileSync(changed, readFileSync(path, "utf8").replaceAll('"verb":"delete"', '"verb":"adopt"'));
  const { code, text } = await replayed(changed, "--diff");
  expect(text).toMatch(/NOW {6}intents\[\d\]\.verb: "adopt" -> "delete"/);
  expect(code).toBe(1);
});
