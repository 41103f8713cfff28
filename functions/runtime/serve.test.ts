import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer as createHttpServer, request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { serveFunctions } from "./serve.ts";
import type { Functions } from "./start.ts";
import { keepAwake } from "./stay-awake.ts";

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

test("while a key waits, one request of our own is under way, for as long as the wait", async () => {
  const asked: string[] = [];
  const service = createHttpServer((incoming) => asked.push(`${incoming.method} ${incoming.url}`)).listen(0);
  await once(service, "listening");
  const { port } = service.address() as { port: number };
  const wakefulness = keepAwake({
    visits: { lastDue: () => performance.now() + 59_500 },
    url: `http://127.0.0.1:${port}/awake`,
    lookEveryMs: 5,
    onError: (error) => {
      throw error;
    },
  });
  await once(service, "request");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked).toEqual(["POST /awake?seconds=60"]);
  wakefulness.close();
  service.closeAllConnections();
  service.close();
});

test("a request to stay awake ends with the process", async () => {
  const wakefulness = keepAwake({ visits: { lastDue: () => undefined }, url: undefined, onError: () => undefined });
  const held = wakefulness.stayAwake(60);
  wakefulness.close();
  await held;
  await wakefulness.stayAwake(Number.NaN);
});
