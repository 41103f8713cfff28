// A probe by the agent of a real guest: what the kubelet's program makes of its answers.
import { rm } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { GuestVerbs, runAgentGuest } from "../agent/testing/guest.ts";
import { buildLauncher, type Pod } from "../testing/pod.ts";
import { connectLauncher } from "./client.ts";
import { parseQuestion } from "./question.ts";
import { ask } from "./verdict.ts";

let bundle: string;
let pod: Pod;

const answerTo = async (...words: string[]) => {
  const { isGood, said } = await ask(pod.client, parseQuestion(words));
  return [isGood, said.toString()];
};

beforeAll(async () => {
  bundle = await buildLauncher();
  pod = await runAgentGuest(bundle);
}, 900_000);

afterAll(async () => {
  await pod?.close();
  await rm(bundle, { recursive: true });
});

test("an agent that is not there yet does not answer", async () => {
  await expect(answerTo("readiness", "5", "ping")).rejects.toThrow("GuestAgentNotConnected");
});

test("an agent that is there answers, and programs in the guest tell by their exit code", async () => {
  await new GuestVerbs(pod).told(({ agentConnected }) => agentConnected);
  expect(await answerTo("readiness", "20", "ping")).toEqual([true, ""]);
  expect(await answerTo("readiness", "20", "exec", "/bin/sh", "-c", "echo well")).toEqual([true, "well\n"]);
  expect(await answerTo("liveness", "20", "exec", "/bin/sh", "-c", "echo ill >&2; exit 3")).toEqual([false, "ill\n"]);
  await expect(answerTo("liveness", "1", "exec", "/bin/sleep", "60")).rejects.toThrow(
    /ExecTimedOut|DEADLINE_EXCEEDED/,
  );
});

test("a guest whose file systems are frozen runs no program, and lives", async () => {
  const guest = new GuestVerbs(pod);
  await guest.freeze(0);
  await guest.told(({ guest }) => guest?.fsFreezeStatus === "frozen");
  expect(await answerTo("readiness", "20", "ping")).toEqual([true, ""]);
  expect(await answerTo("readiness", "20", "exec", "/bin/true")).toEqual([
    false,
    "the guest's file systems are frozen",
  ]);
  expect(await answerTo("liveness", "20", "exec", "/bin/true")).toEqual([
    true,
    "the guest's file systems are frozen",
  ]);
  await guest.thaw();
  await guest.told(({ guest }) => guest?.fsFreezeStatus === "");
  expect(await answerTo("liveness", "20", "exec", "/bin/true")).toEqual([true, ""]);
});

test("a paused guest is not ready, and lives", async () => {
  await promisify(pod.client.pause.bind(pod.client) as (request: object, done: () => void) => void)({});
  expect(await answerTo("readiness", "20", "ping")).toEqual([false, "the guest is paused"]);
  expect(await answerTo("liveness", "20", "exec", "/bin/true")).toEqual([true, "the guest is paused"]);
});

test("where there is no launcher nobody answers", async () => {
  const client = connectLauncher("/nowhere");
  await expect(ask(client, parseQuestion(["liveness", "1", "ping"]))).rejects.toThrow("UNAVAILABLE");
  client.close();
});
