import { expect, it } from "@jest/globals";
import type { Client } from "@knvirt/kubernetes";
import { pino } from "pino";
import { type EventText, eventRecorder } from "./events.ts";
import { at, aVmi, node } from "./testing/objects.ts";

const event: EventText = { type: "Normal", reason: "Paused", message: "the guest was paused" };

/** What an API server that answers so was asked, and what is logged meanwhile. */
function recorder(create: () => Promise<unknown>) {
  const clock = { wall: at("12:00:00"), ms: 0, now: () => clock.wall, elapsedMs: () => clock.ms };
  const [asked, logged]: [object[], string[]] = [[], []];
  const log = pino({}, { write: (line: string) => logged.push((JSON.parse(line) as { msg: string }).msg) });
  const client = {
    create: async (_of: unknown, object: object) => {
      asked.push(object);
      return create();
    },
  } as unknown as Client;
  return { asked, logged, clock, ...eventRecorder({ client, node, clock, log }) };
}

it("writes 25 at once about an instance, and logs once that not all are written", async () => {
  const { asked, logged, record } = recorder(async () => ({}));
  for (let count = 0; count < 100; count += 1) await record(aVmi(), event);
  expect([asked.length, logged]).toEqual([25, ["too many events: not all are written"]]);
});

it("writes one more after five minutes, also when the wall clock was set back meanwhile", async () => {
  const { asked, clock, record } = recorder(async () => ({}));
  for (let count = 0; count < 30; count += 1) await record(aVmi(), event);
  [clock.wall, clock.ms] = [at("11:00:00"), 300_000];
  for (let count = 0; count < 30; count += 1) await record(aVmi(), event);
  expect(asked).toHaveLength(25 + 1);
  expect(asked.at(-1)).toMatchObject({ lastTimestamp: "2026-01-02T11:00:00Z" });
});

it("does not keep anybody from going on who only mentions something", async () => {
  const { logged, mention } = recorder(() => Promise.reject(new Error("the API server is away")));
  mention(aVmi(), event);
  await new Promise(setImmediate);
  expect(logged).toEqual(["an event could not be written"]);
});
