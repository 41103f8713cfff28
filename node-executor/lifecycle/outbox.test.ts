import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, test } from "@jest/globals";
import { systemClock } from "@knvirt/kubernetes";
import { pino } from "pino";
import { eventually } from "../../test/support/eventually.ts";
import { type Courier, openCourier } from "./delivery.ts";
import { type Letter, type Outbox, type OutboxOptions, openOutbox } from "./outbox.ts";

let server: Server;
let courier: Courier;
let outbox: Outbox;
let url: string | undefined;
/** Answers of the sink, one each; then 202. */
let answers: number[];
let received: string[];
let settled: number[];

beforeEach(async () => {
  [answers, received, settled] = [[], [], []];
  server = createServer((request, answer) => {
    received.push(`${request.headers["ce-id"]}`);
    request.resume().on("end", () => answer.writeHead(answers.shift() ?? 202).end());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sink`;
  courier = openCourier();
});
afterEach(() => {
  outbox.close();
  courier.close();
  server.close();
});

function open(options: Partial<OutboxOptions> = {}): Outbox {
  outbox = openOutbox({
    courier,
    sink: () => url,
    ready: Promise.resolve(),
    onSettled: ({ sequence }) => settled.push(sequence),
    log: pino({ enabled: false }),
    clock: systemClock,
    firstPauseMs: 1,
    ...options,
  });
  return outbox;
}

const letter = (sequence: number, podUid = "a"): Letter => {
  const id = `${podUid}.${sequence}`;
  return { event: { id, headers: { "ce-id": id }, body: "{}" }, podUid, sequence };
};
const isIdle = () => eventually(() => outbox.waiting === 0);

test.each([
  { when: "the sink takes it", given: [202], want: { sent: 1 }, attempts: 1 },
  { when: "the sink fails for a while", given: [500, 503, 429], want: { sent: 1 }, attempts: 4 },
  { when: "the sink refuses it", given: [400], want: { refused: 1 }, attempts: 1 },
  { when: "the sink points elsewhere", given: [307], want: { refused: 1 }, attempts: 1 },
  { when: "the sink goes on failing", given: Array(8).fill(500) as number[], want: { failed: 1 }, attempts: 8 },
])("when $when", async ({ given, want, attempts }) => {
  answers = given;
  open().add(letter(1));
  await isIdle();
  expect(outbox.counts).toEqual({ sent: 0, refused: 0, failed: 0, dropped: 0, ...want });
  expect([received.length, settled]).toEqual([attempts, [1]]);
});

it("sends in order, also what comes while it sends", async () => {
  open();
  for (const sequence of [1, 2, 3]) outbox.add(letter(sequence));
  await eventually(() => received.length > 0);
  outbox.add(letter(4));
  await isIdle();
  outbox.add(letter(5));
  await isIdle();
  expect(received).toEqual(["a.1", "a.2", "a.3", "a.4", "a.5"]);
});

describe("a sink that is away", () => {
  it("gets all of it when it is back", async () => {
    const back = url;
    url = "http://127.0.0.1:1/";
    open();
    for (const sequence of [1, 2]) outbox.add(letter(sequence));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([outbox.waiting, settled]).toEqual([2, []]);
    url = back;
    await isIdle();
    expect(received).toEqual(["a.1", "a.2"]);
  });

  it("costs the guest with the most events its oldest, and nobody else anything", async () => {
    const back = url;
    url = "http://127.0.0.1:1/";
    open({ limit: 6 });
    outbox.add(letter(1, "first"));
    outbox.add(letter(1, "quiet"));
    for (let sequence = 1; sequence <= 50; sequence += 1) outbox.add(letter(sequence, "noisy"));
    expect([outbox.waiting, outbox.counts.dropped]).toEqual([6, 46]);
    url = back;
    await isIdle();
    expect(received).toEqual(["first.1", "quiet.1", "noisy.47", "noisy.48", "noisy.49", "noisy.50"]);
  });
});

it("lets no guest wait behind all that another has to say, and keeps the order of each", async () => {
  const known = Promise.withResolvers<void>();
  open({ ready: known.promise });
  for (const sequence of [1, 2, 3, 4]) outbox.add(letter(sequence, "noisy"));
  for (const podUid of ["quiet", "shy"]) for (const sequence of [1, 2]) outbox.add(letter(sequence, podUid));
  known.resolve();
  await isIdle();
  const inTurn = ["noisy.2", "quiet.1", "shy.1", "noisy.3", "quiet.2", "shy.2"];
  expect(received).toEqual(["noisy.1", ...inTurn, "noisy.4"]);
});

it("logs what is lost no more often than somebody may read it, and counts all of it", async () => {
  const lines: { dropped: number }[] = [];
  const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line) as { dropped: number }) });
  open({ ready: new Promise(() => undefined), limit: 1, log });
  for (let sequence = 0; sequence <= 1_000; sequence += 1) outbox.add(letter(sequence));
  expect([outbox.counts.dropped, lines.length, lines.at(-1)?.dropped]).toEqual([1_000, 25, 25]);
});

it("sends no more of one guest than 100 at once and five a second, and as much of others", async () => {
  let seconds = 0;
  open({ clock: { ...systemClock, elapsedMs: () => seconds * 1000 } });
  for (let sequence = 1; sequence <= 150; sequence += 1) outbox.add(letter(sequence, "noisy"));
  outbox.add(letter(1, "quiet"));
  seconds = 1;
  for (let sequence = 151; sequence <= 200; sequence += 1) outbox.add(letter(sequence, "noisy"));
  await isIdle();
  expect(outbox.counts).toMatchObject({ sent: 100 + 1 + 5, dropped: 50 + 45 });
});

it("lets events go where there is no sink", async () => {
  url = undefined;
  open().add(letter(1));
  await isIdle();
  expect([received, settled, outbox.counts.sent]).toEqual([[], [1], 0]);
});

it("waits until it is known whether there is one", async () => {
  const known = Promise.withResolvers<void>();
  open({ ready: known.promise }).add(letter(1));
  expect(outbox.waiting).toBe(1);
  known.resolve();
  await isIdle();
  expect(received).toEqual(["a.1"]);
});
