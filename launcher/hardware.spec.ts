// Hardware as guests get it: machines with many devices and features at once really start.
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import type { VmiSpec } from "@knvirt/api";
import { type CacheFile, DomainPhase } from "@knvirt/proto";
import { bootSector } from "./testing/boot-sector.ts";
import { efiDisk } from "./testing/efi-disk.ts";
import { buildLauncher, Pod } from "./testing/pod.ts";
import { slicTable } from "./testing/slic-table.ts";
import { aVmi } from "./testing/vmi.ts";

type Domain = VmiSpec["domain"];

const memory = { guest: "64Mi" };
const autoattachPodInterface = false;
const firmware = (secureBoot: boolean): Domain => ({
  memory: { guest: "128Mi" },
  firmware: { bootloader: { efi: { secureBoot } } },
  features: { smm: {} },
});

let bundle: string;
let capabilitiesCache: CacheFile[] = [];
const pods: Pod[] = [];

async function runStarted(disk: Buffer, domain: Domain): Promise<Pod> {
  const devices = { ...domain.devices, autoattachPodInterface };
  const volumes = ["root", "a", "b", "c", "d", "e"].map((name) => ({ name, containerDisk: { image: "a" } }));
  const used = volumes.filter(
    ({ name }) => name === "root" || domain.devices?.disks?.some((disk) => disk.name === name),
  );
  const vmi = aVmi({ volumes: used, domain: { ...domain, devices } });
  const files = Object.fromEntries(used.map(({ name }) => [`container-disks/${name}/disk/disk.img`, disk]));
  const pod = await Pod.run(bundle, { vmi, files, capabilitiesCache });
  pods.push(pod);
  await pod.start();
  return pod;
}

beforeAll(async () => {
  bundle = await buildLauncher();
  const probing = await Pod.run(bundle, { vmi: aVmi() });
  pods.push(probing);
  capabilitiesCache = (await probing.probeCapabilities()).files;
  await probing.close();
});
afterEach(async () => {
  for (const pod of pods.splice(0)) await pod.close();
});
afterAll(() => rm(bundle, { recursive: true }));

test("BIOS starts a machine with disks on every bus and one of each device", async () => {
  const pod = await runStarted(bootSector("halts"), {
    memory: { guest: "64Mi", maxGuest: "256Mi" },
    cpu: { cores: 2, maxSockets: 2, model: "Nehalem", features: [{ name: "aes", policy: "optional" }] },
    firmware: { bootloader: { bios: { useSerial: true } }, serial: "m-1" },
    chassis: { manufacturer: "Acme", serial: "c-1" },
    clock: { timezone: "Europe/Berlin", timer: { rtc: { tickPolicy: "catchup" }, hpet: { present: false } } },
    ioThreadsPolicy: "auto",
    devices: {
      useVirtioTransitional: true,
      blockMultiQueue: true,
      disks: [
        { name: "root", disk: { bus: "virtio" }, bootOrder: 1, io: "threads", dedicatedIOThread: true },
        { name: "a", disk: { bus: "scsi" }, blockSize: { custom: { logical: 512, physical: 4096 } } },
        { name: "b", disk: { bus: "usb" }, errorPolicy: "report" },
        { name: "c", cdrom: { tray: "open" } },
        { name: "d", disk: { bus: "virtio", readonly: true }, serial: "d-1", blockSize: { matchVolume: {} } },
        { name: "e", disk: { bus: "sata" }, cache: "writeback" },
      ],
      inputs: [{ name: "t" }, { name: "k", type: "keyboard", bus: "virtio" }],
      rng: {},
      tpm: {},
      watchdog: { name: "guard", i6300esb: { action: "poweroff" } },
      sound: { name: "audio" },
      panicDevices: [{}],
      video: { type: "virtio" },
    },
  });
  await pod.says("alive");
  expect(await pod.pids("swtpm")).toHaveLength(1);
  const { disks } = await pod.reaches(DomainPhase.DOMAIN_PHASE_RUNNING);
  expect(disks.map(({ name, target }) => `${name} ${target}`).toSorted()).toEqual([
    "a sda",
    "b sdb",
    "c sdc",
    "d vdb",
    "e sdd",
    "root vda",
  ]);
});

test("a machine with every feature and Hyper-V's enlightenments starts", async () => {
  const pod = await runStarted(bootSector("halts"), {
    memory,
    clock: {
      utc: { offsetSeconds: 3600 },
      timer: { hyperv: {}, kvm: { present: false }, pit: { tickPolicy: "delay" }, rtc: { track: "guest" } },
    },
    features: {
      acpi: { enabled: false },
      apic: { endOfInterrupt: true },
      kvm: { hidden: true },
      pvspinlock: { enabled: false },
      smm: {},
      hyperv: {
        relaxed: {},
        vapic: {},
        spinlocks: {},
        synictimer: { direct: {} },
        reset: {},
        vendorid: { vendorid: "KVM Hv" },
        frequencies: {},
        tlbflush: {},
        ipi: {},
      },
    },
    devices: {
      panicDevices: [{ model: "hyperv" }],
      sound: { name: "audio", model: "ac97" },
      video: { type: "cirrus" },
    },
  });
  await pod.says("alive");
});

test("the table of a licence is read by QEMU itself, and is in no argument", async () => {
  const vmi = aVmi({
    domain: { memory, firmware: { acpi: { slicNameRef: "licence" } }, devices: { autoattachPodInterface } },
    volumes: [
      { name: "root", containerDisk: { image: "a" } },
      { name: "licence", secret: { secretName: "licence" } },
    ],
  });
  const files = {
    "container-disks/root/disk/disk.img": bootSector("halts"),
    "configuration/licence/slic.bin": slicTable(),
  };
  const pod = await Pod.run(bundle, { vmi, files, capabilitiesCache });
  pods.push(pod);
  await pod.start();
  await pod.says("alive");
  const [qemu] = await pod.pids("qemu-system-x86");
  const commandLine = readFileSync(`/proc/${qemu}/cmdline`, "latin1");
  expect(commandLine).toContain("sig=SLIC,file=/var/run/knvirt/configuration/licence/slic.bin");
  expect(commandLine).not.toContain("KNVIRT");
});

test("EFI starts a program that nobody signed when secure boot is off", async () => {
  const pod = await runStarted(efiDisk(), {
    ...firmware(false),
    devices: { disks: [{ name: "root", disk: { bus: "virtio" } }] },
  });
  await pod.says("alive");
});

test("secure boot refuses it", async () => {
  const pod = await runStarted(efiDisk(), firmware(true));
  await pod.says("Access Denied");
});

test("a reboot ends a guest whose reboot policy says so", async () => {
  const pod = await runStarted(bootSector("reboots"), { memory, rebootPolicy: "Terminate" });
  expect(await pod.exited).toBe(0);
});

const hugepages = { memory: { ...memory, hugepages: { pageSize: "2Mi" } } } satisfies Domain;
const freePages = Number(/^HugePages_Free: +(\d+)$/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1] ?? 0);
const hasPages = freePages >= 32;

(hasPages ? test : test.skip)("memory is made of huge pages", async () => {
  const pod = await runStarted(bootSector("halts"), hugepages);
  await pod.says("alive");
});

(hasPages ? test.skip : test)("a guest without the huge pages that it asks for does not start", () =>
  expect(runStarted(bootSector("halts"), hugepages)).rejects.toThrow(/StartFailed: .*Cannot allocate memory/),
);
