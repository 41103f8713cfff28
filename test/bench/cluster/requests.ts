// What one VM costs the API server, by who asks for what: from its creation to Running, and from its deletion to gone.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { virtualMachineInstances } from "@knvirt/api";
import { type AuditedRequest, auditMark, auditSince, isWrite } from "../../support/audit.ts";
import { aVmi } from "../../support/builders.ts";
import { installNamespace, testNamespace } from "../../support/cluster-names.ts";
import { haltingDiskImage } from "../../support/disk-image.ts";
import { removeVms, runningVmi } from "../../support/vms.ts";
import type { Row } from "../row.ts";
import { awake, type Bench } from "./bench.ts";

const ours = `system:serviceaccount:${installNamespace}:knvirt-`;
/** What is asked on a timer, whether there are VMs or not. */
const heartbeat = /^(nodes|coordination\.k8s\.io\/leases)$/;

interface Life {
  toRunning: AuditedRequest[];
  toGone: AuditedRequest[];
}

export async function requestsBench(bench: Bench): Promise<Row[]> {
  const scratch = await mkdtemp(join(tmpdir(), "knvirt-bench-"));
  const image = await haltingDiskImage(bench.host, scratch);
  await awake(bench);
  const lives: Life[] = [];
  for (let round = 0; round < bench.rounds; round += 1)
    lives.push(await live(bench, { name: `bench-life${round}`, image }));
  await rm(scratch, { recursive: true });
  const writes = (requests: AuditedRequest[]) => requests.filter(isWrite).length / lives.length;
  const toRunning = lives.flatMap((life) => life.toRunning);
  const toGone = lives.flatMap((life) => life.toGone);
  const [up, whole] = [writes(toRunning), writes([...toRunning, ...toGone])];
  return [
    {
      name: "writes per VMI, create to Running, events included",
      value: up.toFixed(1),
      target: "at most 3",
      met: up <= 3,
    },
    { name: "writes per VMI, create to gone", value: whole.toFixed(1), target: "at most 8", met: whole <= 8 },
    ...perRequest("create to Running", toRunning, lives.length),
    ...perRequest("deletion to gone", toGone, lives.length),
  ];
}

async function live(
  { client, cluster, host }: Bench,
  { name, image }: { name: string; image: string },
): Promise<Life> {
  const spec = {
    terminationGracePeriodSeconds: 0,
    domain: { memory: { guest: "64Mi" }, devices: { autoattachGraphicsDevice: false } },
    volumes: [{ name: "boot", containerDisk: { image, imagePullPolicy: "IfNotPresent" as const } }],
  };
  const mark = auditMark(cluster.auditLog);
  await client.create(virtualMachineInstances, aVmi({ name, namespace: testNamespace, spec }));
  await runningVmi(host, name);
  const deletedAt = Date.now();
  await removeVms(host, name);
  const requests = (await auditSince(cluster.auditLog, mark, ours)).filter(
    ({ user, resource }) => user.startsWith(ours) && !heartbeat.test(resource),
  );
  return {
    toRunning: requests.filter(({ receivedAt }) => receivedAt < deletedAt),
    toGone: requests.filter(({ receivedAt }) => receivedAt >= deletedAt),
  };
}

function perRequest(when: string, requests: AuditedRequest[], lives: number): Row[] {
  const byKind = Map.groupBy(
    requests,
    ({ user, verb, resource }) => `${user.slice(ours.length)}: ${verb} ${resource}`,
  );
  return [...byKind]
    .toSorted(([, one], [, other]) => other.length - one.length)
    .map(([kind, of]) => ({ name: `${when}, ${kind}`, value: (of.length / lives).toFixed(1) }));
}
