import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../../support/eventually.ts";
import { ask, serve } from "./control.ts";
import { supervision } from "./supervision.ts";

const folder = mkdtempSync(join(tmpdir(), "supervision-"));
const socket = join(folder, "control");
const server = serve(socket, supervision(folder));
const program = (text: string) => ({ name: "sleeper", argv: ["sh", "-c", `echo ${text}; exec sleep 1000`] });
const sleeper = async () => (await ask(socket, { verb: "report" })).find(({ name }) => name === "sleeper");
const log = () => readFileSync(join(folder, "sleeper.log"), "utf8");

afterAll(async () => {
  await ask(socket, { verb: "stop", name: "sleeper" });
  server.close();
});

it("keeps a program running, stops it and starts it", async () => {
  await ask(socket, { verb: "keep", program: program("one") });
  const first = (await sleeper())?.pid;
  await ask(socket, { verb: "keep", program: program("one") });
  expect((await sleeper())?.pid).toBe(first);

  await ask(socket, { verb: "stop", name: "sleeper" });
  expect((await sleeper())?.pid).toBeUndefined();

  await ask(socket, { verb: "start", name: "sleeper" });
  expect((await sleeper())?.pid).not.toBe(first);
});

it("starts again what died", async () => {
  const pid = (await sleeper())?.pid;
  if (!pid) throw new Error("sleeper does not run");
  process.kill(pid, "SIGKILL");
  const again = await eventually(async () => (await sleeper())?.restarts === 1 && sleeper(), {
    seconds: 60,
    what: "sleeper is started again",
  });
  expect(again?.pid).not.toBe(pid);
});

it("starts anew what is defined otherwise", async () => {
  await ask(socket, { verb: "keep", program: program("two") });
  await eventually(() => log().endsWith("two\n"), { seconds: 60, what: "the new definition runs" });
});

it("refuses a program that it does not know", async () => {
  await expect(ask(socket, { verb: "start", name: "nobody" })).rejects.toThrow(
    "program nobody is unknown: found sleeper",
  );
});
