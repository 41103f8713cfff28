// Following a launcher process that a test scripts, over a real socket.
import { renameSync, symlinkSync } from "node:fs";
import { status } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { DomainPhase } from "@knvirt/proto";
import { eventually } from "../test/support/eventually.ts";
import { Launcher } from "./launchers.ts";
import { absent, aDomain } from "./testing/objects.ts";
import { type PodsDir, podsDir, type ScriptedLauncher, scriptedLauncher } from "./testing/scripted-launcher.ts";

const podUid = "pod-uid";
let pods: PodsDir;
let changes: number;
let launcher: Launcher;
let scripted: ScriptedLauncher | undefined;
const follow = (): Launcher => {
  launcher = new Launcher({ podsDir: pods.path, podUid }, () => {
    changes += 1;
  });
  return launcher;
};
const run = async (state = absent): Promise<ScriptedLauncher> => {
  scripted = await scriptedLauncher(pods.socketOf(podUid), state);
  return scripted;
};

beforeEach(() => {
  pods = podsDir();
  changes = 0;
});
afterEach(() => {
  launcher.close();
  scripted?.stop();
  pods.remove();
});

describe("following a launcher", () => {
  it("waits for one that is not up yet, and then tells its state", async () => {
    follow();
    expect(launcher.isReachable).toBe(false);
    await run();
    await eventually(() => launcher.isReachable);
    expect(launcher.domain).toEqual(absent);
    expect(changes).toBe(1);
  });

  it("tells each change", async () => {
    const { say } = await run();
    follow();
    await eventually(() => launcher.isReachable);
    say(aDomain());
    await eventually(() => launcher.domain?.phase === DomainPhase.DOMAIN_PHASE_RUNNING);
  });

  it("keeps the last state of one that dies, and comes back to it", async () => {
    const { stop } = await run(aDomain());
    follow();
    await eventually(() => launcher.isReachable);
    stop();
    await eventually(() => !launcher.isReachable);
    expect(launcher.domain).toEqual(aDomain());
    expect(() => launcher.stats()).toThrow("does not answer");
    await run(aDomain({ reason: "unpaused" }));
    await eventually(() => launcher.domain?.reason === "unpaused");
    expect(launcher.isReachable).toBe(true);
  });

  it("hears no more of one that talks without end than there is time for", async () => {
    const { say } = await run();
    follow();
    await eventually(() => launcher.isReachable);
    for (let count = 0; count < 1_000; count += 1) say(aDomain({ reason: String(count) }));
    await eventually(() => changes >= 50);
    expect(changes).toBeLessThan(200);
  });

  it("does not take in a state that is too long to be true", async () => {
    const { say } = await run();
    follow();
    await eventually(() => launcher.isReachable);
    say(aDomain({ machine: "x".repeat(600_000) }));
    await eventually(() => scripted !== undefined && scripted.watches > 1);
    expect([changes, launcher.domain]).toEqual([1, absent]);
  });

  it("keeps no more of a state than a guest can have", async () => {
    await run(aDomain({ machine: "x".repeat(400_000), disks: Array(10_000).fill({ name: "a", target: "vda" }) }));
    follow();
    await eventually(() => launcher.domain !== undefined);
    expect([launcher.domain?.machine.length, launcher.domain?.disks.length]).toEqual([1024, 256]);
  });

  it("takes its time with one that ends each watch as if its time were up", async () => {
    const { script } = await run();
    script.refuseWatch = { code: status.DEADLINE_EXCEEDED, details: "" };
    const began = performance.now();
    follow();
    await eventually(() => scripted !== undefined && scripted.watches >= 10);
    expect(performance.now() - began).toBeGreaterThan(9 * 25);
  });

  it("does not go through a link", async () => {
    await run();
    renameSync(pods.socketOf(podUid), pods.socketOf(podUid, "moved.sock"));
    symlinkSync("moved.sock", pods.socketOf(podUid));
    follow();
    await expect(eventually(() => launcher.isReachable, { seconds: 0.3 })).rejects.toThrow("not within 0.3 s");
  });
});

describe("asking a launcher", () => {
  it("starts the domain and reads figures beyond 2^53", async () => {
    const { script, starts } = await run();
    script.stats = { sampledAtMs: 1, numbers: { "cpu.time": 2 ** 60 }, texts: { "net.0.name": "tap0" } };
    follow();
    await eventually(() => launcher.isReachable);
    await launcher.start({ vmi: "{}", emulation: true, capabilitiesCache: [], interfaces: [] });
    expect(starts).toEqual([{ vmi: "{}", emulation: true, capabilitiesCache: [], interfaces: [] }]);
    expect(await launcher.stats()).toEqual(script.stats);
  });

  it("takes a screenshot that is larger than any state may be", async () => {
    const { script } = await run();
    script.png = Buffer.alloc(10 * 1024 * 1024, 7);
    follow();
    await eventually(() => launcher.isReachable);
    const { png } = await launcher.ask("screenshot", {});
    expect(png.equals(script.png)).toBe(true);
  });

  it("waits no longer than a deadline", async () => {
    await run(); // its script has no figures, and so never answers
    follow();
    await eventually(() => launcher.isReachable);
    await expect(launcher.stats()).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
  });
});
