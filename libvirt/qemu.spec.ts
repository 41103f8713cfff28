// The client against a real QEMU under a real libvirtd: what the test driver cannot show. No guest runs in it but firmware.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../test/support/eventually.ts";
import type { Connection } from "./connection.ts";
import {
  createDomain,
  createTransientDomain,
  destroyDomain,
  findDomain,
  getDomainMessages,
  getDomainState,
  resumeDomain,
} from "./domains.ts";
import { type MonitorEvent, onLifecycle, onMonitorEvent } from "./events.ts";
import { callAgent, callMonitor } from "./guest-agent.ts";
import { getDomainStats } from "./stats.ts";
import { type Libvirtd, libvirtd } from "./testing/libvirtd.ts";
import type { Domain } from "./types.ts";

const timeout = 60_000;
const xml = `
<domain type="qemu">
  <name>firmware</name>
  <memory unit="MiB">16</memory>
  <os><type machine="q35">hvm</type></os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type="usb" model="none"/>
    <video><model type="none"/></video>
  </devices>
</domain>`;

let daemon: Libvirtd;
let connection: Connection;
let domain: Domain;
const told: string[] = [];
/** libvirtd queues its events apart from its answers: an answer may overtake the event of what it answers. */
const isTold = (step: string): Promise<true> =>
  eventually(() => told.includes(step) || undefined, {
    what: `event ${step}`,
    evidence: async () => told.join(", "),
  });
beforeAll(async () => {
  daemon = await libvirtd();
  connection = await daemon.connect("qemu:///session");
  await onLifecycle(connection, { listener: (_, { event, detail }) => told.push(`${event} ${detail}`) });
  domain = await createTransientDomain(connection, xml, { paused: true, validate: true });
}, timeout);
afterAll(async () => {
  const left = await findDomain(connection, "firmware");
  if (left) await destroyDomain(connection, left);
  await connection.close();
  await daemon[Symbol.asyncDispose]();
}, timeout);

test("a domain that is created paused tells so, and its creation", async () => {
  expect(await getDomainState(connection, domain)).toEqual({ state: "paused", reason: "user" });
  await isTold("suspended paused");
  expect(told).toEqual(["started booted", "suspended paused"]);
});

test("a monitor's command is answered, and its event is delivered", async () => {
  const events: MonitorEvent[] = [];
  const subscription = await onMonitorEvent(connection, { event: "RESUME", listener: (event) => events.push(event) });
  await resumeDomain(connection, domain);
  const answer = JSON.parse(await callMonitor(connection, domain, { command: '{"execute":"query-status"}' }));
  expect(answer.return).toMatchObject({ status: "running" });
  await eventually(() => events.length > 0, { what: "event RESUME" });
  expect(events).toMatchObject([{ domain: { name: "firmware" }, event: "RESUME" }]);
  expect(await getDomainMessages(connection, domain)).toEqual([
    expect.stringContaining("custom monitor control commands"),
  ]);
  await subscription.close();
});

test("its figures come by libvirt's names", async () => {
  const [stats] = await getDomainStats(connection, { groups: { state: true, cpu: true, balloon: true, vcpu: true } });
  expect(stats).toMatchObject({
    domain: { name: "firmware" },
    values: { "state.state": 1, "vcpu.current": 1, "balloon.maximum": 16384, "cpu.time": expect.any(Number) },
  });
});

test("an agent that is not there is an error with its code", () =>
  expect(callAgent(connection, domain, { command: '{"execute":"guest-ping"}' })).rejects.toMatchObject({ code: 74 }));

test("a domain that runs cannot be started again", () =>
  expect(createDomain(connection, domain)).rejects.toMatchObject({ name: "LibvirtError", code: 55 }));

test(
  "a domain that is destroyed tells so",
  async () => {
    await destroyDomain(connection, domain);
    await isTold("stopped destroyed");
    expect(await findDomain(connection, "firmware")).toBeUndefined();
  },
  timeout,
);
