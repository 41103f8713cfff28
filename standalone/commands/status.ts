// knvirt status: one screen of what runs, and why what does not run does not.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { accessFromKubeconfig, type Client, connectClient } from "@knvirt/kubernetes";
import { lockHolder } from "../lock.ts";
import { instanceAt, podUids } from "../pod-runner/index.ts";
import type { Settings } from "../settings.ts";
import { reportVms, table } from "../vm-report.ts";

export async function status(settings: Settings): Promise<void> {
  const supervisor = await lockHolder(settings);
  console.log(
    `knvirt in ${settings.dataDir}: ${supervisor ? `runs (process ${supervisor})` : "control plane is stopped"}`,
  );
  if (!supervisor) return reportStopped(settings);
  const client = connectClient(accessFromKubeconfig(settings.kubeconfig), "knvirt-status");
  try {
    console.log(table([...partRows(settings), ...placeRows(settings)]));
    await reportMachines(client);
  } finally {
    client.close();
  }
}

async function reportStopped(settings: Settings): Promise<void> {
  const uids = await podUids(instanceAt(settings.dataDir));
  const going = uids.length === 1 ? "1 VM goes on running" : `${uids.length} VMs go on running`;
  console.log(uids.length > 0 ? `${going}: npm start looks after them again, npm run stop ends them` : "no VM runs");
}

function partRows({ runDir }: Settings): string[][] {
  return ["cluster", "functions", "node-executor", "gateway"].map((part) => {
    const file = join(runDir, `${part}.pid`);
    const pid = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
    return [`  ${part}`, pid && existsSync(`/proc/${pid}`) ? `runs (process ${pid})` : "is starting"];
  });
}

const placeRows = ({ kubeconfig, ports }: Settings): string[][] => [
  ["  API server", `https://127.0.0.1:${ports.api}`],
  ["  metrics", `https://127.0.0.1:${ports.metrics}/metrics`],
  ["  kubeconfig", kubeconfig],
];

async function reportMachines(client: Client): Promise<void> {
  const [vms, vmis] = await Promise.all([client.list(virtualMachines), client.list(virtualMachineInstances)]);
  const lines = reportVms(vms.items, vmis.items);
  if (lines.length === 0) return void console.log("\nno VM exists: kubectl apply -f examples/vm.yaml");
  const rows = lines.map(({ name, status, address, why }) => [name, status, address || "-", why]);
  console.log(`\n${table([["VM", "STATUS", "ADDRESS", "WHY"], ...rows])}`);
}
