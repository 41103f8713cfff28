// The lock of a data directory, against a process that really holds it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { lockHolder, takeLock } from "./lock.ts";
import { type Settings, settingsAt } from "./settings.ts";

let settings: Settings;

beforeEach(async () => {
  settings = await settingsAt(mkdtempSync(join(tmpdir(), "knvirt-lock-")));
});
afterEach(() => rmSync(settings.dataDir, { recursive: true }));

test("one holds it, until it is released", async () => {
  expect(await lockHolder(settings)).toBeUndefined();
  const lock = await takeLock(settings);
  expect(await lockHolder(settings)).toBe(process.pid);
  expect(await takeLock(settings)).toBeUndefined();
  lock?.release();
  expect(await lockHolder(settings)).toBeUndefined();
  (await takeLock(settings))?.release();
});

test("it is free once its holder was killed, whatever the file says", async () => {
  const program = `
    const { takeLock } = await import(${JSON.stringify(join(import.meta.dirname, "lock.ts"))});
    await takeLock(${JSON.stringify(settings)});
    console.log("taken");
    setInterval(() => undefined, 1000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "--no-warnings", "--eval", program]);
  await once(holder.stdout, "data");
  expect(await lockHolder(settings)).toBe(holder.pid);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  expect(await lockHolder(settings)).toBeUndefined();
});
