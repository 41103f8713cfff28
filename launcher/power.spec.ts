// What a running guest's machine is told, with real libvirt and QEMU: each verb twice, and where there is no guest.
import { rm } from "node:fs/promises";
import { promisify } from "node:util";
import { status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { DomainPhase, type ScreenshotReply } from "@knvirt/proto";
import { bootSector } from "./testing/boot-sector.ts";
import { buildLauncher, Pod } from "./testing/pod.ts";
import { aVmi } from "./testing/vmi.ts";

const { DOMAIN_PHASE_RUNNING: running, DOMAIN_PHASE_PAUSED: paused } = DomainPhase;
const spec = {
  volumes: [{ name: "root", containerDisk: { image: "a" } }],
  domain: { memory: { guest: "32Mi" }, devices: { autoattachPodInterface: false } },
};
const files = { "container-disks/root/disk/disk.img": bootSector("halts") };

type Verb = "pause" | "resume" | "reset" | "screenshot";

let bundle: string;
let pod: Pod;

beforeAll(async () => {
  bundle = await buildLauncher();
});
beforeEach(async () => {
  pod = await Pod.run(bundle, { vmi: aVmi(spec), files });
});
afterEach(() => pod.close());
afterAll(() => rm(bundle, { recursive: true }));

const ask = <Reply>(verb: Verb): Promise<Reply> =>
  promisify<object, Reply>((request, answer) => pod.client[verb](request, answer as never))({});

const times = async (word: string): Promise<number> => (await pod.file("private/serial0.log")).split(word).length - 1;

test("a guest stands still and goes on, however often that is asked for", async () => {
  await pod.start();
  await pod.says("alive");
  await ask("resume");
  for (let asked = 0; asked < 2; asked += 1) await ask("pause");
  expect(await pod.reaches(paused)).toMatchObject({ reason: "user" });
  for (let asked = 0; asked < 2; asked += 1) await ask("resume");
  await pod.reaches(running);
});

test("a guest boots again at once when it is reset, in the same QEMU", async () => {
  await pod.start();
  await pod.says("alive");
  const before = await pod.pids("qemu-system-x86");
  await ask("reset");
  await pod.eventually("the guest says it is alive again", async () => (await times("alive")) === 2);
  expect(await pod.pids("qemu-system-x86")).toEqual(before);
});

test("a display is shown as PNG", async () => {
  await pod.start();
  const { png } = await ask<ScreenshotReply>("screenshot");
  expect(png.subarray(1, 4).toString()).toBe("PNG");
});

test("a guest that is to start paused has run nothing until it is resumed", async () => {
  await pod.start({ vmi: JSON.stringify(aVmi({ ...spec, startStrategy: "Paused" })) });
  await pod.reaches(paused);
  expect(await times("alive")).toBe(0);
  await ask("resume");
  await pod.says("alive");
});

test("a paused guest is woken to be shut down", async () => {
  await pod.start();
  await pod.says("alive");
  await ask("pause");
  const woken = pod.reaches(running);
  await pod.shutdown(20);
  await woken;
});

test.each(["pause", "resume", "reset", "screenshot"] as const)(
  "%s is refused where no guest was started",
  async (verb) => {
    await expect(ask(verb)).rejects.toMatchObject({ code: status.NOT_FOUND });
  },
);
