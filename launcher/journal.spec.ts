// What the launcher tells of the life of a real guest, numbered, whatever of it dies meanwhile.
import { rm } from "node:fs/promises";
import type { ServiceError } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import type { DomainState, PauseReply, ResumeReply } from "@knvirt/proto";
import { bootSector } from "./testing/boot-sector.ts";
import { buildLauncher, Pod } from "./testing/pod.ts";
import { aVmi } from "./testing/vmi.ts";

const image = "container-disks/root/disk/disk.img";
const devices = { autoattachPodInterface: false, panicDevices: [{}] };
const vmi = aVmi({
  volumes: [{ name: "root", containerDisk: { image: "a" } }],
  domain: { memory: { guest: "32Mi" }, devices },
});
const guest = (behaviour: Parameters<typeof bootSector>[0]) => ({ vmi, files: { [image]: bootSector(behaviour) } });
const told = (state: DomainState | undefined) =>
  state?.events.map(({ sequence, kind, reason }) => [sequence, kind, reason]);

/** A unary call as a promise. */
const call = <Reply>(send: (answer: (error: ServiceError | null, reply: Reply) => void) => void): Promise<Reply> =>
  new Promise((resolve, reject) => send((error, reply) => (error ? reject(error) : resolve(reply))));

let bundle: string;
const pods: Pod[] = [];
const run = async (behaviour: Parameters<typeof bootSector>[0]): Promise<Pod> => {
  const pod = await Pod.run(bundle, guest(behaviour));
  pods.push(pod);
  return pod;
};

beforeAll(async () => {
  bundle = await buildLauncher();
});
afterEach(async () => {
  for (const pod of pods.splice(0)) await pod.close();
});
afterAll(() => rm(bundle, { recursive: true }));

test("a kernel panic is told before the end that it leads to", async () => {
  const pod = await run("panics");
  const states = pod.watch();
  await pod.start();
  expect(await pod.exited).toBe(10);
  // QEMU stops the guest by itself at a panic.
  const events = (await states)
    .at(-1)
    ?.events.filter(({ kind, reason }) => kind !== "paused" || reason !== "unknown");
  expect(events?.map(({ kind }) => kind)).toEqual(["started", "panicked", "crashed"]);
});

test("a pause by request is told as one, however short it was", async () => {
  const pod = await run("halts");
  await pod.start();
  await pod.says("alive");
  await call<PauseReply>((answer) => pod.client.pause({}, answer));
  await call<ResumeReply>((answer) => pod.client.resume({}, answer));
  expect(told((await pod.watch(({ events }) => events.length === 3)).at(-1))).toEqual([
    [1, "started", "booted"],
    [2, "paused", "user"],
    [3, "resumed", "unpaused"],
  ]);
});

test("the numbers go on when the launcher's process and libvirt die", async () => {
  const pod = await run("obeys");
  await pod.start();
  await pod.says("alive");
  const began = told((await pod.watch(({ events }) => events.length > 0)).at(-1));
  await pod.kill("libvirtd");
  await pod.kill("MainThread");
  await pod.isServingAgain();
  expect(told((await pod.watch(() => true)).at(-1))).toEqual(began);
  const states = pod.watch();
  await pod.signal("SIGTERM");
  expect(await pod.exited).toBe(0);
  expect(told((await states).at(-1))).toEqual([
    [1, "started", "booted"],
    [2, "shuttingdown", ""],
    [3, "shutdown", "shutdown"],
  ]);
});

test("a guest that boots in a loop is told of once a second", async () => {
  const pod = await run("reboots");
  const before = Date.now();
  await pod.start();
  const last = (await pod.watch(({ events }) => events.length >= 4)).at(-1);
  const times = last?.events.filter(({ kind }) => kind === "rebooted").map(({ time }) => Date.parse(time)) ?? [];
  expect(told(last)?.map(([, kind]) => kind)).toEqual(["started", "rebooted", "rebooted", "rebooted"]);
  expect(times.every((time, index) => time - (times[index - 1] ?? before - 1_000) >= 1_000)).toBe(true);
  await pod.shutdown(0);
  expect(await pod.exited).toBe(0);
});
