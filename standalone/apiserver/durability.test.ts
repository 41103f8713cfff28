// SIGKILL at any moment: every write that was answered is there afterwards, and the server starts again.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { eventually } from "../../test/support/eventually.ts";
import { configMap, inDefault } from "./testing/samples.ts";
import type { Json } from "./testing/test-server.ts";

let dataDir: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "knvirt-durable-"));
});
afterEach(async () => {
  await kill();
  await rm(dataDir, { recursive: true });
});

interface Running {
  url: string;
  ca: string;
  token: string;
}

async function start(): Promise<Running> {
  child = spawn(process.execPath, ["--no-warnings", join(import.meta.dirname, "main.ts"), dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [line] = (await once(lines, "line")) as [string];
  const [{ token }] = JSON.parse(readFileSync(join(dataDir, "tokens.json"), "utf8"));
  return { url: JSON.parse(line).url, ca: readFileSync(join(dataDir, "pki", "ca.crt"), "utf8"), token };
}

async function kill(): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

/** Reads, or creates when there is a body. */
const call = async (running: Running, path: string, body?: object): Promise<Json> =>
  JSON.parse(await exchange(running, path, body));

function exchange({ url, ca, token }: Running, path: string, body?: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const outgoing = request(
      `${url}${path}`,
      { method: body ? "POST" : "GET", ca, headers, agent: false },
      async (answer) => {
        const chunks: Buffer[] = [];
        try {
          for await (const chunk of answer) chunks.push(chunk as Buffer);
          resolve(Buffer.concat(chunks).toString());
        } catch (error) {
          reject(error);
        }
      },
    );
    outgoing.once("error", reject);
    outgoing.end(body && JSON.stringify(body));
  });
}

/** Creates objects one after another until the server is gone, and notes the resourceVersion of each that was answered. */
async function writeUntilKilled(running: Running, writer: string, answered: Map<string, string>): Promise<void> {
  for (let n = 0; ; n += 1) {
    const name = `${writer}-${n}`;
    try {
      const { metadata } = await call(running, inDefault("configmaps"), configMap(name, { data: { n: `${n}` } }));
      answered.set(name, metadata.resourceVersion);
    } catch {
      return; // the connection broke: this write was not answered
    }
  }
}

/** The resourceVersions that a watch from an early one tells of, over all restarts. */
async function seenSince(running: Running, from: number): Promise<string[]> {
  const path = `${inDefault("configmaps")}?watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan`;
  const text = await exchange(running, `${path}&timeoutSeconds=1&resourceVersion=${from}`);
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).object.metadata.resourceVersion);
}

test("answered writes survive, again and again", async () => {
  const answered = new Map<string, string>();
  let latest = 0;
  const moments = [
    { afterMs: 60, writes: 4 },
    { afterMs: 150, writes: 4 },
    { afterMs: 15, writes: 0 },
    { afterMs: 240, writes: 4 },
  ];
  for (const [round, { afterMs, writes }] of moments.entries()) {
    const running = await start();
    const { items, metadata } = await call(running, inDefault("configmaps"));
    const stored = new Map(items.map((item: Json) => [item.metadata.name, item.metadata.resourceVersion]));
    for (const [name, version] of answered) expect([name, stored.get(name)]).toEqual([name, version]);
    expect(Number(metadata.resourceVersion)).toBeGreaterThanOrEqual(latest);
    const written = new Map<string, string>();
    const writers = ["a", "b", "c", "d"].map((writer) => writeUntilKilled(running, `${writer}-${round}`, written));
    await sleep(afterMs);
    await eventually(() => written.size >= writes, { what: `${writes} writes are answered` });
    await kill();
    await Promise.all(writers);
    for (const [name, version] of written) {
      answered.set(name, version);
      latest = Math.max(latest, Number(version));
    }
  }
  expect(answered.size).toBeGreaterThan(10);
  const seen = await seenSince(await start(), 1);
  for (const version of answered.values()) expect(seen).toContain(version);
  expect(seen).toEqual(seen.toSorted((a, b) => Number(a) - Number(b)));
  expect(new Set(answered.values()).size).toBe(answered.size);
}, 180_000);
