import { mkdtempSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { virtualMachines } from "@knvirt/api";
import type { Client, KubernetesObject, Page } from "@knvirt/kubernetes";
import { pino } from "pino";
import { aVm } from "../testing/builders.ts";
import type { FunctionDefinition } from "./definition.ts";
import { create } from "./intents.ts";
import { clock, self } from "./reads.ts";
import { startFunctions } from "./start.ts";

const folder = mkdtempSync(join(tmpdir(), "knvirt-functions-"));
afterAll(() => rmSync(folder, { recursive: true }));

const log = pino({ level: "silent" });

/** An API server with one VM that takes no write. */
const client = {
  pages: async function* (): AsyncGenerator<Page<KubernetesObject>> {
    yield { items: [aVm()], resourceVersion: "1" };
  },
  find: async () => aVm(),
} as unknown as Client;

const idle: FunctionDefinition = {
  name: "idle",
  primary: virtualMachines,
  reads: { vm: self(virtualMachines), now: clock },
  writes: [],
  reconcile: () => [],
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
  const listen = join(folder, "left.sock");
  const earlier = createServer();
  await new Promise<void>((bound) => earlier.listen(listen, bound));
  const functions = await startFunctions({ definitions: [idle], client, listen, sweepSeconds: 0, log });
  try {
    expect(statSync(listen).mode & 0o777).toBe(0o600);
    expect(await get(listen, "/readyz")).toBe("200 OK");
  } finally {
    await functions.close();
    earlier.close();
  }
});

test("the timer sweeps at once, and tells so in metrics", async () => {
  const listen = join(folder, "timer.sock");
  const functions = await startFunctions({ definitions: [idle], client, listen, sweepSeconds: 60, log });
  try {
    const [swept] = await functions.sweep();
    expect(swept).toEqual({ objects: 1, repairs: 0, failures: 0 });
    expect(await get(listen, "/metrics")).toContain('knvirt_function_sweep_objects{function="idle"} 1');
  } finally {
    await functions.close();
  }
});

test("a write that a function does not declare is an error of that function, and its object fails alone", async () => {
  const greedy: FunctionDefinition = { ...idle, name: "greedy", reconcile: () => [create(aVm())] };
  const definitions = [greedy, idle];
  const functions = await startFunctions({ definitions, client, listen: 0, sweepSeconds: 0, log });
  try {
    expect(await functions.sweep()).toMatchObject([{ failures: 1 }, { failures: 0 }]);
    const { values } = await functions.metrics.errors.get();
    expect(values).toMatchObject([{ labels: { function: "greedy", reason: "UndeclaredWrite" }, value: 1 }]);
  } finally {
    await functions.close();
  }
});
