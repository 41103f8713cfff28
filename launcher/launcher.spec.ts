// The launcher as it ships, in a container, with real libvirt and QEMU: what it does, and what must not break it.
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type CacheFile, DomainPhase, type PodInterface, type StartRequest } from "@knvirt/proto";
import { bootSector } from "./testing/boot-sector.ts";
import { buildLauncher, Pod, type PodOptions } from "./testing/pod.ts";
import { aVmi } from "./testing/vmi.ts";

const { DOMAIN_PHASE_RUNNING: running, DOMAIN_PHASE_SHUTOFF: shutoff, DOMAIN_PHASE_CRASHED: crashed } = DomainPhase;
const qemu = "qemu-system-x86";
/** What the kernel calls Node's process. */
const node = "MainThread";
const image = "container-disks/root/disk/disk.img";
const devices = { autoattachPodInterface: false };
const memory = { guest: "32Mi" };
const vmi = aVmi({ volumes: [{ name: "root", containerDisk: { image: "a" } }], domain: { memory, devices } });
const guest = (behaviour: Parameters<typeof bootSector>[0]) => ({ vmi, files: { [image]: bootSector(behaviour) } });

let bundle: string;
let capabilitiesCache: CacheFile[] = [];
const pods: Pod[] = [];
const run = async (options: PodOptions): Promise<Pod> => {
  const pod = await Pod.run(bundle, { capabilitiesCache, ...options });
  pods.push(pod);
  return pod;
};
const runStarted = async (options: PodOptions, request?: Partial<StartRequest>): Promise<Pod> => {
  const pod = await run(options);
  await pod.start(request);
  await pod.says("alive");
  return pod;
};

beforeAll(async () => {
  bundle = await buildLauncher();
  const probing = await run({ vmi });
  capabilitiesCache = (await probing.probeCapabilities()).files;
  await probing.close();
});
afterEach(async () => {
  for (const pod of pods.splice(0)) await pod.close();
});
afterAll(() => rm(bundle, { recursive: true }));

describe("a guest that runs", () => {
  test("is told of with its disks, and its figures are read", async () => {
    const pod = await runStarted(guest("halts"));
    const state = await pod.reaches(running);
    expect(state).toMatchObject({ domainType: "qemu", disks: [{ name: "root", target: "sda" }] });
    expect(state.machine).toMatch(/^pc-q35-/);
    expect(Date.parse(state.startedAt)).toBeLessThanOrEqual(Date.now());
    const { numbers, texts } = await pod.stats();
    expect(numbers["cpu.time"]).toBeGreaterThan(0);
    expect(texts["block.0.name"]).toBe("sda");
  });

  test("is started once, however often that is asked for", async () => {
    const pod = await run(guest("halts"));
    await Promise.all([pod.start(), pod.start()]);
    await pod.start();
    expect(await pod.pids(qemu)).toHaveLength(1);
  });

  (existsSync("/dev/kvm") ? test : test.skip)("really runs by KVM, and is said to", async () => {
    // The host's own model is more than a KVM within a virtual machine may be able to give.
    const plain = aVmi({ ...vmi.spec, domain: { memory, devices, cpu: { model: "kvm64" } } });
    const pod = await runStarted({ ...guest("halts"), vmi: plain }, { emulation: false });
    expect(await pod.reaches(running)).toMatchObject({ domainType: "kvm" });
  });

  test("is leased its address, and its interface is told of", async () => {
    const interfaces: PodInterface[] = [
      {
        name: "default",
        tap: "tap0",
        mac: "02:00:00:00:00:07",
        mtu: 1400,
        bridge: "k6t-eth0",
        guestAddress: "10.0.2.2",
        prefixLength: 24,
        gateway: "10.0.2.1",
        dnsServers: ["10.0.0.10"],
        searchDomains: [],
      },
    ];
    const withNetwork = aVmi({ volumes: [{ name: "root", containerDisk: { image: "a" } }], domain: { memory } });
    const pod = await runStarted({ ...guest("halts"), vmi: withNetwork }, { interfaces });
    expect((await pod.reaches(running)).interfaces).toEqual([
      { name: "default", mac: "02:00:00:00:00:07", tap: "tap0" },
    ]);
    expect(await pod.listensOnDhcp()).toBe(true);
    await pod.kill(node);
    await pod.isServingAgain();
    expect(await pod.listensOnDhcp()).toBe(true);
  });

  test("is started without what another launcher found out about the emulator, and does not tell such things itself", async () => {
    expect(capabilitiesCache.length).toBeGreaterThan(0);
    const pod = await runStarted({ ...guest("halts"), capabilitiesCache: [] });
    await expect(pod.probeCapabilities()).rejects.toThrow(/CapabilitiesRefused/);
  });
});

describe("a guest that ends", () => {
  test("by itself has succeeded", async () => {
    const pod = await run(guest("powersOff"));
    const states = pod.watch();
    await pod.start();
    expect(await pod.exited).toBe(0);
    expect((await states).at(-1)).toMatchObject({ phase: shutoff, reason: "shutdown" });
    expect(await pod.terminationMessage()).toBe("");
  });

  test.each([
    { how: "a signal to the pod", order: (pod: Pod) => pod.signal("SIGTERM") },
    { how: "a call", order: (pod: Pod) => pod.shutdown(30) },
  ])("when it is asked to by $how has succeeded", async ({ order }) => {
    const pod = await runStarted(guest("obeys"));
    await order(pod);
    expect(await pod.exited).toBe(0);
  });

  test("only by force has failed", async () => {
    const pod = await runStarted({ ...guest("halts"), graceSeconds: 1 });
    const states = pod.watch();
    await pod.signal("SIGTERM");
    expect(await pod.exited).toBe(10);
    expect((await states).at(-1)).toMatchObject({ phase: crashed, reason: "destroyed" });
    expect(await pod.terminationMessage()).toMatch(/^GuestKilled: .* within 1 s/);
  });

  test("by force, with no grace asked for, has succeeded", async () => {
    const pod = await runStarted(guest("halts"));
    await pod.shutdown(0);
    expect(await pod.exited).toBe(0);
  });

  test("with its QEMU killed has failed", async () => {
    const pod = await runStarted(guest("halts"));
    await pod.kill(qemu);
    expect(await pod.exited).toBe(10);
    expect(await pod.terminationMessage()).toMatch(/^GuestCrashed: /);
  });

  test("or never was: a pod ended before the start has nothing to wait for", async () => {
    const pod = await run({ ...guest("halts"), graceSeconds: 300 });
    await pod.signal("SIGTERM");
    expect(await pod.exited).toBe(0);
  });

  test("while it is being started is not left running", async () => {
    const pod = await run(guest("obeys"));
    const started = pod.start().catch((error: unknown) => error);
    await pod.signal("SIGTERM");
    expect(await pod.exited).toBe(0);
    await started;
  });
});

describe("what dies and comes back", () => {
  test("libvirt: the guest goes on, and obeys afterwards", async () => {
    const pod = await runStarted(guest("obeys"));
    const before = await pod.pids(qemu);
    const dead = await pod.pids("libvirtd");
    await pod.kill("libvirtd");
    await pod.eventually("another libvirtd", async () => {
      const now = await pod.pids("libvirtd");
      return now.length === 1 && now[0] !== dead[0];
    });
    await pod.start();
    expect(await pod.pids(qemu)).toEqual(before);
    await pod.shutdown(30);
    expect(await pod.exited).toBe(0);
  });

  test("libvirt when it hangs: it is replaced", async () => {
    const pod = await runStarted(guest("obeys"));
    const [hung] = await pod.pids("libvirtd");
    await pod.kill("libvirtd", "SIGSTOP");
    await pod.eventually("another libvirtd", async () => !(await pod.pids("libvirtd")).includes(hung ?? 0));
    await pod.shutdown(30);
    expect(await pod.exited).toBe(0);
  });

  test("the launcher's own process: the guest and libvirt go on", async () => {
    const pod = await runStarted(guest("obeys"));
    const { startedAt } = await pod.reaches(running);
    const before = [await pod.pids(qemu), await pod.pids("libvirtd")];
    await pod.kill(node);
    await pod.isServingAgain();
    expect(await pod.reaches(running)).toMatchObject({ startedAt });
    await pod.start();
    expect([await pod.pids(qemu), await pod.pids("libvirtd")]).toEqual(before);
    await pod.signal("SIGTERM");
    expect(await pod.exited).toBe(0);
  });

  test("the launcher's process, while the guest ends by itself", async () => {
    const pod = await runStarted(guest("obeys"));
    await pod.kill(node);
    await pod.monitor("system_powerdown");
    expect(await pod.exited).toBe(0);
  });

  test("the launcher's process, while QEMU is killed", async () => {
    const pod = await runStarted(guest("halts"));
    await pod.kill(node);
    await pod.kill(qemu);
    expect(await pod.exited).toBe(10);
  });

  test("the launcher's process and libvirt, while QEMU is killed", async () => {
    const pod = await runStarted(guest("halts"));
    await pod.kill(node);
    await pod.kill("libvirtd");
    await pod.kill(qemu);
    expect(await pod.exited).toBe(10);
    expect(await pod.terminationMessage()).toMatch(/^GuestCrashed: /);
  });

  test("the launcher's process, while the pod is asked to end", async () => {
    const pod = await runStarted(guest("obeys"));
    await pod.kill(node);
    await pod.signal("SIGTERM");
    expect(await pod.exited).toBe(0);
  });

  test("the launcher's process after the order to end: the order stands", async () => {
    const pod = await runStarted({ ...guest("halts"), graceSeconds: 3 });
    await pod.signal("SIGTERM");
    await pod.eventually("the order is kept", async () =>
      (await pod.file("private/life.json")).includes("deadlineMs"),
    );
    await pod.kill(node);
    expect(await pod.exited).toBe(10);
  });

  test("libvirt in the middle of the start: there is one QEMU, and it runs", async () => {
    const pod = await run(guest("halts"));
    const started = pod.start().catch((error: unknown) => error);
    await pod.eventually("QEMU", async () => (await pod.pids(qemu)).length > 0);
    await pod.kill("libvirtd");
    // On a quick machine libvirt may just have answered: what follows holds all the same.
    const outcome = await started;
    if (outcome instanceof Error) expect(outcome.message).toMatch(/UNAVAILABLE/);
    await pod.eventually("a start that succeeds", () => pod.start().then(Boolean, () => false));
    await pod.reaches(running);
    expect(await pod.pids(qemu)).toHaveLength(1);
  });
});

describe("what cannot be started", () => {
  const smallDisk = "mount -t tmpfs -o size=64k,mode=777 none /var/run/knvirt/disks";
  const kernelBoot = { container: { image: "a", kernelPath: "/boot/../../etc/passwd" } };
  test.each([
    {
      when: "its image is missing",
      options: { vmi, files: { "container-disks/root/other": "" } },
      want: /^ContainerDiskInvalid: volume root of default\/web: container disk cannot be found in its image: no such file/,
    },
    {
      when: "its image has several files",
      options: { vmi, files: { [image]: "", "container-disks/root/disk/other": "" } },
      want: /volume root of default\/web: .* 2 files, expected exactly one/,
    },
    {
      when: "its disks are full",
      options: { ...guest("halts"), prepare: smallDisk },
      want: /^DiskPreparationFailed: volume root of default\/web: .*No space left/,
    },
    {
      when: "its kernel lies outside of the image",
      options: {
        vmi: aVmi({ domain: { memory, devices, firmware: { kernelBoot } } }),
        files: { "kernel-boot/a": "" },
      },
      want: /^KernelBootInvalid: kernelBoot.container.kernelPath of default\/web/,
    },
    {
      when: "its secret lacks the key",
      options: {
        vmi: aVmi({
          volumes: [{ name: "init", cloudInitNoCloud: { secretRef: { name: "s" } } }],
          domain: { memory, devices },
        }),
        files: { "secrets/init/user/other": "" },
      },
      want: /^CloudInitInvalid: volume init of default\/web: cloudInitNoCloud.userData: secret s has no key userdata or userData/,
    },
    {
      when: "libvirt does not know its processor",
      options: { vmi: aVmi({ domain: { memory, devices, cpu: { model: "abacus" } } }) },
      want: /^(Define|Start)Failed: domain default_web.*abacus/,
    },
  ])("says why: $when", async ({ options, want }) => {
    const pod = await run(options as PodOptions);
    await expect(pod.start()).rejects.toThrow(/INVALID_ARGUMENT|FAILED_PRECONDITION/);
    expect(await pod.exited).toBe(10);
    expect(await pod.terminationMessage()).toMatch(want);
  });

  test("another VM's spec is refused, and nothing is lost", async () => {
    const pod = await run(guest("halts"));
    const other = { ...vmi, metadata: { ...vmi.metadata, uid: "other" } };
    await expect(pod.start({ vmi: JSON.stringify(other) })).rejects.toThrow(
      /InvalidRequest: vmi is default\/web with uid other/,
    );
    await pod.start();
  });
});
