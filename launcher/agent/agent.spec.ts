// A real agent in a real guest: what it tells, what it does, and what becomes of a launcher whose guest puts something
// else in its place.
import { readFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { buildLauncher, type Pod } from "../testing/pod.ts";
import { Console, GuestVerbs, runAgentGuest, secretFile } from "./testing/guest.ts";

let bundle: string;
let pod: Pod;
let guest: GuestVerbs;
let console: Console;
const launcherProcess = "MainThread";

beforeAll(async () => {
  bundle = await buildLauncher();
  pod = await runAgentGuest(bundle);
  guest = new GuestVerbs(pod);
  console = await Console.open(pod);
  await guest.told(({ agentConnected }) => agentConnected);
}, 900_000);

afterAll(async () => {
  console?.close();
  await pod?.close();
  await rm(bundle, { recursive: true });
});

describe("an agent in the guest", () => {
  test("is told of together with what it says", async () => {
    const state = await guest.told(({ guest }) => guest?.os !== undefined);
    expect(state).toMatchObject({
      agentConnected: true,
      guest: { os: { id: "debian", name: "Debian GNU/Linux" }, fsFreezeStatus: "", missingCommands: [] },
    });
  });

  test("tells users what they ask for", async () => {
    expect(await guest.info()).toMatchObject({
      guestAgentVersion: expect.stringMatching(/^\d+\./),
      hostname: "agent-guest",
      timezone: "UTC, 0",
      os: { id: "debian" },
      fsInfo: { disks: [{ mountPoint: "/", fileSystemType: "ext4", totalBytes: expect.any(Number) }] },
    });
  });

  test("runs programs, and tells how they ended", async () => {
    const { exitCode, stdout, stderr } = await guest.exec("/bin/sh", ["-c", "echo out; echo err >&2; exit 7"]);
    expect([exitCode, `${stdout}`, `${stderr}`]).toEqual([7, "out\n", "err\n"]);
    expect((await guest.exec("/bin/sh", ["-c", "kill -9 $$"])).exitCode).toBe(128 + 9);
    await expect(guest.exec("/nowhere")).rejects.toThrow("GuestAgentFailed");
    await expect(guest.exec("/bin/sleep", ["60"], 1)).rejects.toThrow("ExecTimedOut");
    expect((await guest.exec("/bin/sh", ["-c", "head -c 200000 /dev/zero"])).stdout).toHaveLength(64 * 1024);
  });

  test("brings keys and passwords into the guest, and others when their Secret changes", async () => {
    await guest.told(({ guest }) => guest?.accessCredentials?.isSynchronized === true);
    const keys = () => guest.shell("cat /home/debian/.ssh/authorized_keys");
    expect((await keys()).split("\n")).toEqual([
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFirst alice@example",
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIThird carol@example",
    ]);
    expect(await guest.shell("getent shadow debian")).toMatch(/^debian:\$/);
    await writeFile(join(pod.volumes, secretFile.keys), "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAISecond bob@example");
    await pod.eventually("the key is another one", async () => (await keys()).includes("bob@example"));
    expect(await keys()).not.toContain("alice@example");
    expect(await keys()).toContain("carol@example");
    await writeFile(join(pod.volumes, dirname(secretFile.passwords), "nobody-of-that-name"), "secret");
    const refused = await guest.told(({ guest }) => guest?.accessCredentials?.isSynchronized === false);
    expect(refused.guest?.accessCredentials?.message).toMatch(/GuestAgentFailed|guest-set-user-password/);
  });

  test("freezes and thaws, each of them as often as one likes", async () => {
    await guest.freeze(0);
    await guest.freeze(0);
    expect(await guest.info()).toMatchObject({ fsFreezeStatus: "frozen" });
    await expect(guest.exec("/bin/true")).rejects.toThrow("GuestAgentFailed");
    await guest.told(({ guest }) => guest?.fsFreezeStatus === "frozen");
    await guest.thaw();
    await guest.thaw();
    await guest.told(({ guest }) => guest?.fsFreezeStatus === "");
    expect(await guest.shell("echo thawed >/root/file; cat /root/file")).toBe("thawed");
  });

  test("thaws by itself when its time is over, even if the launcher died meanwhile", async () => {
    await guest.freeze(4);
    await pod.kill(launcherProcess);
    await pod.isServingAgain();
    await guest.told(({ guest }) => guest?.fsFreezeStatus === "frozen");
    await guest.told(({ guest }) => guest?.fsFreezeStatus === "");
    expect(await guest.shell("echo again >/root/file; cat /root/file")).toBe("again");
  });

  test("is told to be gone when it dies, and to be back when it is", async () => {
    await console.type("kill $(busybox pidof qemu-ga); echo agent-''killed", "agent-killed");
    const gone = await guest.told(({ agentConnected }) => !agentConnected);
    expect(gone).toMatchObject({ guestInterfaces: [], guest: undefined });
    await expect(guest.info()).rejects.toThrow("GuestAgentNotConnected");
    await expect(guest.freeze(1)).rejects.toThrow("GuestAgentNotConnected");
    await expect(guest.exec("/bin/true")).rejects.toThrow("GuestAgentNotConnected");
    await console.type("/etc/knvirt/agent >/dev/null 2>&1 & echo agent-''started", "agent-started");
    await guest.told(({ guest }) => guest?.os?.id === "debian");
  });

  test("boots the guest again when it is asked to", async () => {
    await guest.shell("touch /run/before");
    await guest.softReboot();
    await guest.told(({ events }) => events.at(-1)?.kind === "agentconnected" && events.some(isReboot));
    await guest.told(({ guest }) => guest?.os !== undefined);
    expect(await guest.shell("ls /run/before 2>&1 || true")).toContain("No such file");
  });
});

const isReboot = ({ kind }: { kind: string }): boolean => kind === "rebooted";

const script = readFileSync(join(import.meta.dirname, "testing/impostor.py"));
/** Of the launcher's process: what an agent says is not kept. */
const mostResidentKib = 200_000;

async function residentKib(): Promise<number> {
  const [pid] = await pod.pids(launcherProcess);
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]);
}

describe("something else in the agent's place", () => {
  let before: number[];

  beforeAll(async () => {
    await guest.shell(`echo ${script.toString("base64")} | base64 -d >/run/impostor.py; sync`);
    before = [...(await pod.pids(launcherProcess)), ...(await pod.pids("libvirtd"))];
  });

  const replace = async (behaviour: string): Promise<void> => {
    const kill = "kill $(busybox pidof qemu-ga) $(cat /run/impostor.pid 2>/dev/null) 2>/dev/null; sleep 1";
    const start = `python3 /run/impostor.py '${behaviour}' & echo $! >/run/impostor.pid`;
    await console.type(`{ ${kill}; ${start}; } 2>/dev/null`, `impostor ${behaviour.replaceAll(" ", "-")}`);
  };

  test.each([
    { behaviour: "is silent", refusal: /GuestAgentNot(Responding|Connected)/ },
    { behaviour: "floods", refusal: /GuestAgent/ },
    { behaviour: "talks", refusal: /GuestAgent/ },
  ])("that $behaviour is refused, and nobody else waits for it", async ({ behaviour, refusal }) => {
    await replace(behaviour);
    let isRefused = false;
    const refused = expect(guest.info()).rejects.toThrow(refusal);
    refused.then(
      () => (isRefused = true),
      () => undefined,
    );
    await pod.stats();
    // One that never answers is waited for longest: whoever waits along would be answered after it.
    if (behaviour === "is silent") expect(isRefused).toBe(false);
    for (let times = 0; times < 10; times += 1) await pod.stats();
    await refused;
    expect(await residentKib()).toBeLessThan(mostResidentKib);
  });

  test("that says too much has said nothing", async () => {
    await replace("says too much");
    // What the one before has written is still under way.
    const said = () => guest.info().catch(() => undefined);
    await pod.eventually("it is understood", async () => (await said()) !== undefined, 60_000);
    expect(await said()).toEqual({ os: {}, userList: [], fsInfo: { disks: [] } });
    expect(await residentKib()).toBeLessThan(mostResidentKib);
  });

  test("that lies is believed about nothing but bounded words", async () => {
    await replace("lies");
    const understood = () =>
      guest
        .info()
        .then(({ os }) => os.name !== undefined)
        .catch(() => false);
    await pod.eventually("it is understood", understood, 60_000);
    const { os, userList, fsInfo, supportedCommands } = await guest.info();
    expect(os.name).toHaveLength(255); // 256, and without the escape character
    expect(os.name).toMatch(/^\[2J[\ufffd?]<script>x+$/);
    expect([os.id, userList, fsInfo, supportedCommands]).toEqual([undefined, [], { disks: [] }, undefined]);
    const state = await guest.told(({ guestInterfaces }) => guestInterfaces.length > 0);
    expect(state.guestInterfaces).toHaveLength(64);
    expect(state.guestInterfaces[0]).toEqual({ name: "eth0", mac: "02:00:00:00:00:07", addresses: [] });
    await expect(guest.exec("/bin/true")).rejects.toThrow("GuestAgentFailed");
  });

  test("leaves launcher and libvirt as they were", async () => {
    expect([...(await pod.pids(launcherProcess)), ...(await pod.pids("libvirtd"))]).toEqual(before);
  });
});
