// What virtctl sends, held against what the gateway is tried with. Where there is no virtctl, on the path or named by
// KNVIRT_VIRTCTL, only the latter happens: see virtctl.test.ts.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guestPort, type VirtctlCall, virtctlCalls } from "./testing/virtctl-calls.ts";
import { startVirtctlRecorder, type VirtctlRecorder } from "./testing/virtctl-recorder.ts";

const program = process.env.KNVIRT_VIRTCTL ?? "virtctl";
const recorded = "v1.9.0";
const isThere = spawnSync(program, ["version", "--client"], { encoding: "utf8" }).stdout?.includes(`"${recorded}"`);

let recorder: VirtctlRecorder;
let directory: string;

beforeAll(async () => {
  recorder = await startVirtctlRecorder();
  directory = mkdtempSync(join(tmpdir(), "knvirt-virtctl-"));
  writeFileSync(join(directory, "kubeconfig"), JSON.stringify(recorder.kubeconfig));
});
afterAll(() => {
  recorder.close();
  rmSync(directory, { recursive: true });
});

/** Until it has asked: what it would do with the answer is not looked at. */
async function sentBy(words: string[]): Promise<object> {
  const sent = recorder.next();
  const env = { ...process.env, KUBECONFIG: join(directory, "kubeconfig"), HOME: directory };
  const virtctl = spawn(program, words, { env, stdio: ["ignore", "ignore", "pipe"] });
  const said: Buffer[] = [];
  virtctl.stderr.on("data", (bytes: Buffer) => said.push(bytes));
  const ended = once(virtctl, "close");
  const silent = ended.then(() => {
    throw new Error(`virtctl ${words.join(" ")} asked for nothing: ${Buffer.concat(said)}`);
  });
  try {
    return await Promise.race([sent, silent]);
  } finally {
    silent.catch(() => undefined);
    virtctl.kill();
    await ended;
  }
}

const wanted = ({ method, path, body, isStream }: VirtctlCall): object => ({
  ...{ method, path: withPort(path) },
  ...(body && { body }),
  ...(isStream && { isStream, protocol: "plain.kubevirt.io" }),
});
const withPort = (text: string): string => text.replace(guestPort, "80");

if (isThere)
  test.each(virtctlCalls)("virtctl $command sends what is recorded", async (call) => {
    expect(await sentBy(withPort(call.command).split(" "))).toEqual(wanted(call));
  });
else test.skip(`virtctl ${recorded} sends what is recorded`, () => undefined);
