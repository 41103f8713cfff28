import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, test } from "@jest/globals";
import { openCapabilities } from "./capabilities.ts";

const files = [{ name: "8a0b.xml", content: Buffer.from("<qemuCaps/>") }];
const key = { imageId: "registry/launcher@sha256:0123", unpackedAt: "1/2", bootId: "boot-1", emulation: true };
let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "knvirt-capabilities-"));
});
afterEach(() => rmSync(stateDir, { recursive: true }));
const never = () => Promise.reject(new Error("was probed again"));

it("probes once, also over a restart", async () => {
  expect(await openCapabilities(stateDir).of(key, async () => files)).toEqual(files);
  expect(await openCapabilities(stateDir).of(key, never)).toEqual(files);
  expect(readdirSync(join(stateDir, "capabilities"))).toHaveLength(1);
});

it("lets launchers that start together share one probe", async () => {
  const capabilities = openCapabilities(stateDir);
  const first = capabilities.of(key, async () => files);
  expect(await Promise.all([first, capabilities.of(key, never), capabilities.of(key, never)])).toEqual([
    files,
    files,
    files,
  ]);
});

test.each([
  { when: "for another image", change: { imageId: "other" } },
  { when: "when the image was unpacked anew", change: { unpackedAt: "3/4" } },
  { when: "after another start of the node", change: { bootId: "boot-2" } },
  { when: "for the use of KVM", change: { emulation: false } },
])("probes anew $when", async ({ change }) => {
  const capabilities = openCapabilities(stateDir);
  await capabilities.of(key, async () => files);
  await expect(capabilities.of({ ...key, ...change }, never)).rejects.toThrow("probed again");
});

it("forgets what was found before the node was started again", async () => {
  await openCapabilities(stateDir).of(key, async () => files);
  await openCapabilities(stateDir).of({ ...key, bootId: "boot-2" }, async () => files);
  expect(readdirSync(join(stateDir, "capabilities"))).toEqual(["boot-2"]);
});

it("refuses a file name that would lead elsewhere", async () => {
  const [{ content } = { content: Buffer.alloc(0) }] = files;
  const escaping = async () => [{ name: "../escaped", content }];
  await expect(openCapabilities(stateDir).of(key, escaping)).rejects.toThrow('"../escaped" is refused');
  expect(readdirSync(stateDir)).toEqual([]);
});
