// From `create VM` to guest userspace, phase by phase, beside the same domain by bare libvirtd and virsh.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { inform, type KubernetesObject, pods, type Resource } from "@knvirt/kubernetes";
import { aSpec, aVm } from "../support/builders.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { podUidOf } from "../support/processes.ts";
import { removeVms, runningVmi } from "../support/vms.ts";
import { bareBoot, captureDomain } from "./bare-boot.ts";
import { serialLogOf, untilLogSays } from "./guest-log.ts";
import { median, type Row, seconds } from "./row.ts";

const rounds = 5;
const userspace = "knvirt guest userspace";
const phases = [
  "instance created",
  "pod created",
  "pod bound",
  "pod running",
  "VMI Running",
  "guest userspace",
] as const;
type Phase = (typeof phases)[number];

/** The same domain in both: no network, so that neither waits for an address. */
const spec = aSpec();
const lonely = {
  ...spec,
  networks: [],
  domain: { ...spec.domain, devices: { autoattachPodInterface: false, autoattachGraphicsDevice: false } },
};
const name = "bench";

export async function bootBench(): Promise<Row[]> {
  const dataDir = await mkdtemp(join(tmpdir(), "knvirt-bench-"));
  const first = await startInstance(dataDir, ["--no-example"]);
  await first.run(["stop"]);
  const started = performance.now();
  const instance = await startInstance(dataDir, []);
  const startMs = performance.now() - started;
  try {
    await removeVms(instance, "example");
    const bare = await boots(instance);
    return [
      {
        name: "npm start to the example VM Running, packages installed",
        value: seconds(startMs),
        target: "under 15 s",
        met: startMs < 15_000,
      },
      ...bare,
    ];
  } finally {
    await instance.run(["stop", "--purge"]);
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Ours and bare in turns, so that whatever else the machine does hits both. */
async function boots(instance: Instance): Promise<Row[]> {
  await instance.client.create(virtualMachines, aVm({ name, spec: lonely }));
  await runningVmi(instance, name);
  const domain = await captureDomain(instance, await podUidOf(instance, name));
  await removeVms(instance, name);
  const ours: Record<Phase, number>[] = [];
  const bares: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await timedBoot(instance));
      bares.push(await bareBoot(domain, userspace));
    }
  } finally {
    await domain.remove();
  }
  const bare = median(bares);
  const whole = median(ours.map((times) => times["guest userspace"]));
  return [
    ...phases.map((phase) => ({
      name: `create VM to ${phase}`,
      value: seconds(median(ours.map((times) => times[phase]))),
    })),
    { name: "bare virsh define + start to guest userspace", value: seconds(bare) },
    {
      name: "create VM to guest userspace, above bare",
      value: seconds(whole - bare),
      target: "at most 1.0 s",
      met: whole - bare <= 1000,
    },
  ];
}

async function timedBoot(instance: Instance): Promise<Record<Phase, number>> {
  const { client } = instance;
  const times: Partial<Record<Phase, number>> = {};
  let started = performance.now();
  const reach = (phase: Phase, isReached: boolean) => {
    if (isReached) times[phase] ??= performance.now() - started;
  };
  const follow = <T extends KubernetesObject>(of: Resource<T>, objectName: string, look: (object: T) => void) =>
    inform(client, of, {
      namespace: "default",
      onChange: ({ type, object }) => {
        if (type !== "deleted" && object.metadata.name === objectName) look(object);
      },
    });
  const copies = [
    follow(virtualMachineInstances, name, ({ status }) => {
      reach("instance created", true);
      reach("VMI Running", status?.phase === "Running");
    }),
    follow(pods, `virt-launcher-${name}`, ({ spec: podSpec, status }) => {
      reach("pod created", true);
      reach("pod bound", podSpec.nodeName !== undefined);
      reach("pod running", status?.phase === "Running");
    }),
  ];
  await Promise.all(copies.map((copy) => copy.synced));
  started = performance.now();
  await client.create(virtualMachines, aVm({ name, spec: lonely }));
  await untilLogSays(() => serialLogOf(instance, name), userspace);
  reach("guest userspace", true);
  await runningVmi(instance, name);
  for (const copy of copies) copy.stop();
  await removeVms(instance, name);
  return times as Record<Phase, number>;
}
