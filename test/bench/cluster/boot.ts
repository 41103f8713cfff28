// VMI create to phase Running, beside a pod with the same volumes that does nothing: what is left is our share.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launcherPodName, virtualMachineInstances } from "@knvirt/api";
import { inform, type KubernetesObject, type Pod, pods, type Resource } from "@knvirt/kubernetes";
import { aSpec, aVmi } from "../../support/builders.ts";
import { testNamespace } from "../../support/cluster-names.ts";
import { haltingDiskImage } from "../../support/disk-image.ts";
import { removeVms } from "../../support/vms.ts";
import { median, type Row, seconds } from "../row.ts";
import { asleep, awake, type Bench, sleeps } from "./bench.ts";

const name = "bench-boot";
const pauseName = "bench-pause";

interface Round {
  zero: number | undefined;
  warm: number;
  pause: number;
}

/** In turns, so that whatever else the machine does hits all of them. */
export async function bootBench(bench: Bench): Promise<Row[]> {
  const scratch = await mkdtemp(join(tmpdir(), "knvirt-bench-"));
  const image = await haltingDiskImage(bench.host, scratch);
  const rounds: Round[] = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    if (sleeps(bench)) await asleep(bench);
    const zero = sleeps(bench) ? (await bootVmi(bench, image)).milliseconds : undefined;
    await awake(bench);
    const { milliseconds: warm, pod } = await bootVmi(bench, image);
    rounds.push({ zero, warm, pause: await startPause(bench, pod) });
  }
  await rm(scratch, { recursive: true });
  return rowsOf(rounds);
}

function rowsOf(rounds: Round[]): Row[] {
  const [warm, pause] = [median(rounds.map((round) => round.warm)), median(rounds.map((round) => round.pause))];
  const zeros = rounds.flatMap(({ zero }) => (zero === undefined ? [] : [zero]));
  const share = warm - pause;
  return [
    { name: "VMI create to Running, warm, median", value: seconds(warm), target: "under 2.60 s", met: warm < 2600 },
    { name: "a pod with the same volumes that does nothing, create to Running, median", value: seconds(pause) },
    {
      name: "VMI create to Running, warm, beyond that pod",
      value: `${seconds(share)}, ${(warm / pause).toFixed(2)} times the pod`,
      target: "under 1.00 s",
      met: share < 1000,
    },
    ...(zeros.length > 0
      ? [{ name: "VMI create to Running, every function at zero, median", value: seconds(median(zeros)) }]
      : []),
  ];
}

/** Until the object satisfies, as a watch that began before tells. */
async function reached<T extends KubernetesObject>(
  { client }: Bench,
  of: Resource<T>,
  { wanted, begin }: { wanted: (object: T) => boolean; begin: () => Promise<unknown> },
): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const copy = inform(client, of, {
    namespace: testNamespace,
    onChange: ({ type, object }) => type !== "deleted" && wanted(object) && resolve(performance.now()),
  });
  await copy.synced;
  const started = performance.now();
  await begin();
  const milliseconds = (await promise) - started;
  copy.stop();
  return milliseconds;
}

async function bootVmi(bench: Bench, image: string): Promise<{ milliseconds: number; pod: Pod }> {
  const { client, host } = bench;
  const { domain, networks } = aSpec();
  const spec = {
    terminationGracePeriodSeconds: 0,
    domain: { memory: { guest: "64Mi" }, ...(domain.devices && { devices: domain.devices }) },
    ...(networks && { networks }),
    volumes: [{ name: "boot", containerDisk: { image, imagePullPolicy: "IfNotPresent" as const } }],
  };
  const vmi = aVmi({ name, namespace: testNamespace, spec });
  const milliseconds = await reached(bench, virtualMachineInstances, {
    wanted: ({ metadata, status }) => metadata.name === name && status?.phase === "Running",
    begin: () => client.create(virtualMachineInstances, vmi),
  });
  const pod = await client.find(pods, { namespace: testNamespace, name: launcherPodName(name) });
  if (!pod) throw new Error(`pod of vmi ${name} is not there`);
  await removeVms(host, name);
  return { milliseconds, pod };
}

async function startPause(bench: Bench, launcher: Pod): Promise<number> {
  const { client } = bench;
  const milliseconds = await reached(bench, pods, {
    wanted: ({ metadata, status }) => metadata.name === pauseName && status?.phase === "Running",
    begin: () => client.create(pods, pausePod(launcher)),
  });
  await client.delete(pods, { namespace: testNamespace, name: pauseName }, { gracePeriodSeconds: 0 });
  return milliseconds;
}

/** The launcher's own pod but for its program. The scheduler is asked anew. */
function pausePod({ spec }: Pod): Pod {
  const { nodeName: _, containers, ...rest } = spec;
  const paused = containers.map((container) => ({ ...container, command: ["sleep", "infinity"] }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: pauseName, namespace: testNamespace },
    spec: { ...rest, terminationGracePeriodSeconds: 0, containers: paused },
  };
}
