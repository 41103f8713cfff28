// Many VMs: memory of launchers and of the control plane, writes to the API, and fifty at once.
import { request } from "node:http";
import { join } from "node:path";
import { type VmiSpec, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { events, inform, pods } from "@knvirt/kubernetes";
import { aSpec, aVm } from "../support/builders.ts";
import { haltingDiskImage } from "../support/disk-image.ts";
import { eventually } from "../support/eventually.ts";
import type { Instance } from "../support/instance.ts";
import { pssOf, sum } from "../support/memory.ts";
import { podUidOf, processesIn, programOf } from "../support/processes.ts";
import { getVmi, removeVms, runningVmi } from "../support/vms.ts";
import { onOwnInstance } from "./own-instance.ts";
import { mebibytes, median, type Row, seconds } from "./row.ts";

const parts = ["supervisor", "cluster", "functions", "node-executor", "gateway"] as const;
const mib = 1024 * 1024;

export const crowdBench = (): Promise<Row[]> =>
  onOwnInstance(async (instance, scratch) => {
    const image = await haltingDiskImage(instance, scratch);
    return [
      ...(await launcherMemory(instance, image)),
      ...(await writesToRunning(instance)),
      ...(await fiftyAtOnce(instance, image)),
    ];
  });

const names = (count: number, prefix: string): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** Idle guests of one disk and no more. */
const idleSpec = (image: string, guest: string): VmiSpec => ({
  domain: { memory: { guest }, devices: { autoattachPodInterface: false, autoattachGraphicsDevice: false } },
  volumes: [{ name: "boot", containerDisk: { image } }],
  terminationGracePeriodSeconds: 0,
});

async function launcherMemory(instance: Instance, image: string): Promise<Row[]> {
  const ten = names(10, "memory");
  const spec = idleSpec(image, "64Mi");
  await startAll(instance, ten.slice(0, 1), spec);
  const alone = await launcherPss(instance, "memory0");
  await startAll(instance, ten.slice(1), spec);
  const all = await Promise.all(ten.map((name) => launcherPss(instance, name)));
  await removeVms(instance, ...ten);
  const mean = sum(all.map(({ launcher }) => launcher)) / ten.length;
  const qemu = sum(all.map((pod) => pod.qemu)) / ten.length;
  return [
    {
      name: "launcher pod without QEMU, alone (PSS)",
      value: mebibytes(alone.launcher),
      target: "52 MiB",
      met: alone.launcher <= 52 * mib,
    },
    {
      name: "launcher pod without QEMU, mean of ten (PSS)",
      value: mebibytes(mean),
      target: "23 MiB",
      met: mean <= 23 * mib,
    },
    { name: "QEMU of a 64 MiB guest, emulated, mean of ten (PSS)", value: mebibytes(qemu) },
  ];
}

async function startAll(instance: Instance, vmNames: string[], spec = aSpec()): Promise<void> {
  await Promise.all(vmNames.map((name) => instance.client.create(virtualMachines, aVm({ name, spec }))));
  for (const name of vmNames) await runningVmi(instance, name);
}

async function launcherPss(instance: Instance, name: string): Promise<{ launcher: number; qemu: number }> {
  const pids = processesIn(`pod${await podUidOf(instance, name)}`);
  const isQemu = (pid: number) => programOf(pid).startsWith("qemu-system");
  return {
    launcher: sum(pids.filter((pid) => !isQemu(pid)).map(pssOf)),
    qemu: sum(pids.filter(isQemu).map(pssOf)),
  };
}

/** Every change of a VMI is a write of ours, so are the creation of its pod and events about it, until it is Running. */
async function writesToRunning(instance: Instance): Promise<Row[]> {
  const vmNames = names(20, "writes");
  const writes = new Map(vmNames.map((name) => [name, 0]));
  const count = (name: string | undefined) => {
    const owner = name?.replace(/^virt-launcher-/, "");
    if (owner && writes.has(owner)) writes.set(owner, (writes.get(owner) ?? 0) + 1);
  };
  const running = new Set<string>();
  const copies = [
    inform(instance.client, virtualMachineInstances, {
      onChange: ({ type, object }) => {
        const { name } = object.metadata;
        if (type === "modified" && !running.has(name)) count(name);
        if (object.status?.phase === "Running") running.add(name);
      },
    }),
    inform(instance.client, pods, {
      onChange: ({ type, object }) => type === "added" && count(object.metadata.name),
    }),
    inform(instance.client, events, {
      onChange: ({ type, object }) =>
        type !== "deleted" &&
        object.involvedObject.kind === "VirtualMachineInstance" &&
        !running.has(object.involvedObject.name ?? "") &&
        count(object.involvedObject.name),
    }),
  ];
  await Promise.all(copies.map((copy) => copy.synced));
  const before = await conflicts(instance);
  await startAll(instance, vmNames);
  for (const copy of copies) copy.stop();
  const most = Math.max(...writes.values());
  const conflicted = (await conflicts(instance)) - before;
  await removeVms(instance, ...vmNames);
  return [
    {
      name: "writes from VMI create to Running, median and most of 20",
      value: `${median([...writes.values()])}, ${most}`,
      target: "at most 3",
      met: most <= 3,
    },
    { name: "conflicts over 20 VMs", value: `${conflicted}`, target: "0", met: conflicted === 0 },
  ];
}

/** As the functions count them. */
async function conflicts({ dataDir }: Instance): Promise<number> {
  const text = await new Promise<string>((resolve, reject) => {
    const call = request({ socketPath: join(dataDir, "run", "functions.sock"), path: "/metrics" }, (answer) => {
      let body = "";
      answer.on("data", (chunk: Buffer) => {
        body += chunk;
      });
      answer.on("end", () => resolve(body));
    });
    call.on("error", reject).end();
  });
  const lines = text.split("\n").filter((line) => /^[a-z_]*conflicts[a-z_]*(\{|\s)/.test(line));
  return sum(lines.map((line) => Number(line.split(" ").at(-1))));
}

async function fiftyAtOnce(instance: Instance, image: string): Promise<Row[]> {
  const vmNames = names(50, "crowd");
  const spec = idleSpec(image, "32Mi");
  const started = performance.now();
  await Promise.all(vmNames.map((name) => instance.client.create(virtualMachines, aVm({ name, spec }))));
  await eventually(async () => (await phasesOf(instance, vmNames)).every((phase) => phase === "Running"), {
    seconds: 300,
    what: "50 VMs run",
    evidence: () => instance.evidence(),
  });
  const milliseconds = performance.now() - started;
  const controlPlane = sum(parts.map((part) => pssOf(instance.pidOf(part))));
  const deleting = performance.now();
  await Promise.all(vmNames.map((name) => instance.client.delete(virtualMachines, { namespace: "default", name })));
  await removeVms(instance, ...vmNames);
  const { items } = await instance.client.list(pods);
  return [
    { name: "50 VMs created at once, all Running", value: seconds(milliseconds) },
    {
      name: "control plane with 50 VMs (PSS)",
      value: mebibytes(controlPlane),
      target: "under 300 MiB",
      met: controlPlane < 300 * mib,
    },
    {
      name: "50 VMs deleted, pods left behind",
      value: `${items.length} after ${seconds(performance.now() - deleting)}`,
      target: "0",
      met: items.length === 0,
    },
  ];
}

async function phasesOf(instance: Instance, vmNames: string[]): Promise<(string | undefined)[]> {
  const found = await Promise.all(vmNames.map((name) => getVmi(instance, name)));
  return found.map((vmi) => vmi?.status?.phase);
}
