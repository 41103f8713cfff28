import { closeSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, test } from "@jest/globals";
import { connectSocket, openSocket, readFileBelow } from "./no-follow.ts";

let root: string;
let server: Server;
const steps = ["pod", "sockets", "launcher.sock"];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "knvirt-no-follow-"));
  mkdirSync(join(root, "pod", "sockets"), { recursive: true });
  server = createServer((socket) => socket.end("the launcher"));
  await new Promise<void>((resolve) => server.listen(join(root, ...steps), resolve));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(root, { recursive: true });
});

const read = async (): Promise<string> => {
  let text = "";
  for await (const chunk of await connectSocket(root, steps)) text += chunk;
  return text;
};

it("connects to the socket that is there", async () => expect(await read()).toBe("the launcher"));

it("stays with the socket that was found when its name is given to another one", async () => {
  const descriptor = openSocket(root, steps);
  renameSync(join(root, ...steps), join(root, "elsewhere"));
  symlinkSync("/dev/null", join(root, ...steps));
  closeSync(descriptor);
  await expect(read()).rejects.toMatchObject({ reason: "UnsafePath" });
});

test.each([
  {
    when: "the socket is replaced by a link to a socket",
    change: () => {
      renameSync(join(root, ...steps), join(root, "elsewhere"));
      symlinkSync(join(root, "elsewhere"), join(root, ...steps));
    },
  },
  {
    when: "a folder on the way is replaced by a link",
    change: () => {
      renameSync(join(root, "pod", "sockets"), join(root, "elsewhere"));
      symlinkSync(join(root, "elsewhere"), join(root, "pod", "sockets"));
    },
  },
  {
    when: "the socket is replaced by a file",
    change: () => {
      rmSync(join(root, ...steps));
      writeFileSync(join(root, ...steps), "");
    },
  },
])("refuses when $when", async ({ change }) => {
  change();
  await expect(read()).rejects.toMatchObject({ name: "ExecutorError", reason: "UnsafePath" });
});

test.each([[".."], ["a/b"], [""], ["."]])("refuses the step %j", (step) => {
  expect(() => openSocket(root, ["pod", step])).toThrow("is not a plain name");
});

it("reads ordinary files only", () => {
  writeFileSync(join(root, "pod", "file"), "content");
  symlinkSync("file", join(root, "pod", "link"));
  expect(readFileBelow(root, ["pod", "file"], 100)).toBe("content");
  expect(readFileBelow(root, ["pod", "file"], 4)).toBe("cont");
  expect(readFileBelow(root, ["pod", "link"], 100)).toBeUndefined();
  expect(readFileBelow(root, steps, 100)).toBeUndefined();
  expect(readFileBelow(root, ["pod"], 100)).toBeUndefined();
  expect(readFileBelow(root, ["missing"], 100)).toBeUndefined();
});
