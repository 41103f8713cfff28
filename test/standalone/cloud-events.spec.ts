// What happens to guests reaches a sink as CloudEvents, and a user's function reacts to a kernel panic.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { kubeVirts, virtualMachines } from "@knvirt/api";
import { aSpec, aVm } from "../support/builders.ts";
import { askGuest, openGuestConsole } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { sharedInstance } from "../support/instance.ts";
import { type Sink, startSink } from "../support/sink.ts";
import { getVm, removeVms, runningVmi } from "../support/vms.ts";

const instance = sharedInstance();
const { client, namespace, access } = instance;
const example = join(import.meta.dirname, "..", "..", "examples", "on-guest-panic", "function.js");
const names = ["panics", "lives-told"];
let subscriber: ChildProcess;
let account: string;
let sink: Sink;

const setSink = (url: string | null) =>
  client.mergePatch(kubeVirts, instance.settings, {
    patch: { spec: { configuration: { lifecycleEvents: url && { sink: url } } } },
  });

beforeAll(async () => {
  account = mkdtempSync(join(tmpdir(), "knvirt-account-"));
  sink = await startSink(await startFunction());
  await setSink(sink.url);
});
afterAll(async () => {
  await setSink(null);
  await removeVms(instance, ...names);
  sink.close();
  subscriber.kill();
  rmSync(account, { recursive: true });
});

/** As a pod would run it: where the API server is and who it is come from its surroundings. */
async function startFunction(): Promise<string> {
  writeFileSync(join(account, "token"), access.token?.() ?? "");
  writeFileSync(join(account, "ca.crt"), access.ca ?? "");
  const { hostname, port } = new URL(access.server);
  const server = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
  const env = { PATH: process.env.PATH ?? "", ...server, ACCOUNT_DIR: account, PORT: "0" };
  subscriber = spawn(process.execPath, [example], { env, stdio: ["ignore", "pipe", "inherit"] });
  if (!subscriber.stdout) throw new Error("the function's output is not piped");
  const [line] = (await once(createInterface({ input: subscriber.stdout }), "line")) as [string];
  return `http://127.0.0.1:${/\d+$/.exec(line)?.[0]}/`;
}

const told = (name: string): string[] =>
  sink.events.filter(({ data }) => data.name === name).map(({ type }) => type.replace("dev.knvirt.vmi.", ""));
const isTold = (name: string, kind: string) =>
  eventually(() => told(name).includes(kind), {
    seconds: 60,
    what: `the sink is told that ${name} is ${kind}`,
    evidence: async () => `${JSON.stringify(sink.events, null, 1)}\n${await instance.evidence()}`,
  });

it("a function notes on the VM that its guest's kernel panicked", async () => {
  const spec = aSpec();
  const devices = { ...spec.domain.devices, panicDevices: [{}] };
  const panicking = { ...spec, domain: { ...spec.domain, devices } };
  await client.create(virtualMachines, aVm({ name: "panics", runStrategy: "Once", spec: panicking }));
  await runningVmi(instance, "panics");
  const guest = await openGuestConsole(access, { namespace, name: "panics" });
  await guest.run("echo awake");
  guest.run("echo c >/proc/sysrq-trigger").catch(() => undefined); // nothing comes back from that

  const annotations = await eventually(
    async () => {
      const found = (await getVm(instance, "panics"))?.metadata.annotations;
      return found?.["example.com/panics"] ? found : undefined;
    },
    { seconds: 60, what: "the function has noted the panic", evidence: () => instance.evidence() },
  );
  guest.close();
  await isTold("panics", "crashed");

  expect(annotations["example.com/panics"]).toBe("1");
  expect(told("panics").filter((kind) => kind !== "paused")).toEqual(["started", "panicked", "crashed"]);
  const panic = sink.events.find(({ type }) => type === "dev.knvirt.vmi.panicked");
  expect(annotations["example.com/last-panic"]).toBe(`${panic?.headers["ce-time"]} ${panic?.id}`);
  expect(panic).toMatchObject({
    headers: {
      "ce-specversion": "1.0",
      "ce-subject": "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances/panics",
    },
    data: { namespace, name: "panics", reason: "panicked" },
  });
});

it("the life of a guest is told in order, each event with its own id", async () => {
  await client.create(virtualMachines, aVm({ name: "lives-told" }));
  await runningVmi(instance, "lives-told");
  await askGuest(instance, "lives-told", "(sleep 1; reboot -f) & sleep 0");
  await isTold("lives-told", "rebooted");
  expect(await askGuest(instance, "lives-told", "echo awake")).toBe("awake");
  await removeVms(instance, "lives-told");
  await isTold("lives-told", "shutdown");

  expect(told("lives-told")).toEqual(["started", "rebooted", "shuttingdown", "shutdown"]);
  const own = sink.events.filter(({ data }) => data.name === "lives-told");
  expect(own.map(({ data }) => data.sequence)).toEqual([1, 2, 3, 4]);
  expect(new Set(own.map(({ id }) => id)).size).toBe(4);
  expect((await instance.scrape()).text).toMatch(/knvirt_executor_lifecycle_events_total\{fate="sent"\} [1-9]/);
});
