import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer as createHttpServer, request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { manualClock } from "../testing/manual-clock.ts";
import { serveFunctions } from "./serve.ts";
import type { Functions } from "./start.ts";
import { type AskItself, askAt, keepAwake } from "./stay-awake.ts";

const folder = mkdtempSync(join(tmpdir(), "knvirt-functions-"));
afterAll(() => rmSync(folder, { recursive: true }));

const log = pino({ level: "silent" });
const functions: Functions = {
  names: [],
  take: () => undefined,
  sweep: async () => [],
  visits: { lastDue: () => undefined },
  close: async () => undefined,
};

const get = (socketPath: string, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    request({ socketPath, path }, async (answer) => {
      let text = `${answer.statusCode} `;
      for await (const chunk of answer) text += String(chunk);
      resolve(text);
    })
      .on("error", reject)
      .end();
  });

test("a socket left behind is replaced by one that only we may use", async () => {
  const where = join(folder, "left.sock");
  const earlier = createServer();
  await new Promise<void>((bound) => earlier.listen(where, bound));
  const served = await serveFunctions({ functions, where, log });
  try {
    expect(statSync(where).mode & 0o777).toBe(0o600);
    expect(await get(where, "/readyz")).toBe("200 OK");
    expect(await get(where, "/metrics")).toBe("404 ");
  } finally {
    await served.close();
    earlier.close();
  }
});

/** Wakefulness of a process with a key that waits so long. */
function rig(seconds: number | undefined, askItself?: AskItself) {
  const clock = manualClock();
  const visits = { lastDue: () => (seconds === undefined ? undefined : seconds * 1000) };
  const onError = (error: unknown) => {
    throw error;
  };
  return { clock, ...keepAwake({ visits, askItself, clock, onError }) };
}

test.each([
  { when: "nothing waits", seconds: undefined, want: [] },
  { when: "a key waits for a minute", seconds: 60, want: [56] },
  { when: "a key waits longer than a request may last", seconds: 300, want: [240] },
])("when $when, requests of our own under way are $want", async ({ seconds, want }) => {
  const asked: number[] = [];
  const { clock, close } = rig(seconds, (given) => new Promise(() => asked.push(given)));
  await clock.pass(20_000);
  expect(asked).toEqual(want);
  close();
});

test("the next request of our own goes on from where one has ended", async () => {
  const asked: number[] = [];
  const { clock, close } = rig(300, async (seconds) => void asked.push(seconds));
  await clock.pass(8_000);
  close();
  await clock.pass(8_000);
  expect(asked).toEqual([240, 240]);
});

test("a request of our own names its seconds, and ends with its signal", async () => {
  const asked: string[] = [];
  const service = createHttpServer((incoming) => asked.push(`${incoming.method} ${incoming.url}`)).listen(0);
  await once(service, "listening");
  const { port } = service.address() as { port: number };
  const ended = new AbortController();
  const answered = askAt(`http://127.0.0.1:${port}/awake`)(60, ended.signal);
  await once(service, "request");
  expect(asked).toEqual(["POST /awake?seconds=60"]);
  ended.abort();
  await answered;
  service.closeAllConnections();
  service.close();
});

test("a request to stay awake is answered when its time is over", async () => {
  const { clock, stayAwake } = rig(undefined);
  let isAnswered = false;
  void stayAwake(60).then(() => {
    isAnswered = true;
  });
  await clock.pass(59_999);
  expect(isAnswered).toBe(false);
  await clock.pass(1);
  expect(isAnswered).toBe(true);
});

test("a request to stay awake ends with the process, and at once when it names no time", async () => {
  const { clock, stayAwake, close } = rig(undefined);
  const pending = [stayAwake(60), stayAwake(Number.NaN)];
  await clock.pass(0);
  close();
  await Promise.all(pending);
});
