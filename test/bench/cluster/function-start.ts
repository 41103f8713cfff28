// From a write to the API server to the first call that a function makes for it: from zero pods, and warm.
import { virtualMachines } from "@knvirt/api";
import { type AuditedRequest, auditMark, auditSince } from "../../support/audit.ts";
import { aVm } from "../../support/builders.ts";
import { installNamespace, testNamespace } from "../../support/cluster-names.ts";
import { eventually } from "../../support/eventually.ts";
import { removeVms } from "../../support/vms.ts";
import { median, type Row, seconds } from "../row.ts";
import { asleep, awake, type Bench, sleeps } from "./bench.ts";
import { execToReady } from "./exec-to-ready.ts";

const functionUser = new RegExp(`^system:serviceaccount:${installNamespace}:knvirt-(lifecycle|controller)$`);

export async function functionStartBench(bench: Bench): Promise<Row[]> {
  const rounds = Array.from({ length: bench.rounds }, (_, round) => round);
  const cold: number[] = [];
  const warm: number[] = [];
  for (const round of rounds) {
    if (sleeps(bench)) {
      await asleep(bench);
      cold.push(await toFirstCall(bench, `bench-cold${round}`));
    } else await awake(bench);
    warm.push(await toFirstCall(bench, `bench-warm${round}`));
  }
  await removeVms(bench.host, ...rounds.flatMap((round) => [`bench-cold${round}`, `bench-warm${round}`]));
  const ready = median(await execToReady(bench));
  return [
    ...(cold.length > 0 ? [row("write to a function's first call, from zero pods", median(cold), 1500)] : []),
    row("write to a function's first call, warm", median(warm), 100),
    row("functions' process, exec to ready", ready, 250),
  ];
}

const row = (name: string, milliseconds: number, limitMs: number): Row => ({
  name: `${name}, median`,
  value: seconds(milliseconds),
  target: `under ${seconds(limitMs)}`,
  met: milliseconds < limitMs,
});

async function toFirstCall({ client, cluster, host }: Bench, name: string): Promise<number> {
  const mark = auditMark(cluster.auditLog);
  await client.create(virtualMachines, aVm({ name, namespace: testNamespace, runStrategy: "Halted" }));
  const isFirst = (request: AuditedRequest) => functionUser.test(request.user) && request.name === name;
  const { written, called } = await eventually(
    async () => {
      const requests = await auditSince(cluster.auditLog, mark, name);
      const called = requests.find(isFirst);
      const written = requests.find(
        ({ verb, resource }) => verb === "create" && resource.endsWith("virtualmachines"),
      );
      return called && written && { called, written };
    },
    { seconds: 60, what: `a function looks at vm ${name}`, evidence: () => host.evidence() },
  );
  return called.receivedAt - written.receivedAt;
}
