import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { openCapabilities } from "./capabilities.ts";

const files = [{ name: "8a0b.xml", content: Buffer.from("<qemuCaps/>") }];
const key = { imageId: "registry/launcher@sha256:0123", emulation: true };
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

it("probes anew for another image, and for the use of KVM", async () => {
  const capabilities = openCapabilities(stateDir);
  await capabilities.of(key, async () => files);
  await expect(capabilities.of({ ...key, imageId: "other" }, never)).rejects.toThrow("probed again");
  await expect(capabilities.of({ ...key, emulation: false }, never)).rejects.toThrow("probed again");
});

it("refuses a file name that would lead elsewhere", async () => {
  const [{ content } = { content: Buffer.alloc(0) }] = files;
  const escaping = async () => [{ name: "../escaped", content }];
  await expect(openCapabilities(stateDir).of(key, escaping)).rejects.toThrow('"../escaped" is refused');
  expect(readdirSync(stateDir)).toEqual([]);
});
