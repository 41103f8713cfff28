// How to reach what runs: the lines that `npm start` ends with.
import { join } from "node:path";
import { virtualMachineInstances, virtualMachines } from "@knvirt/api";
import type { Client } from "@knvirt/kubernetes";
import type { Settings } from "./settings.ts";
import { reportVms, table } from "./vm-report.ts";

export async function reachText(client: Client, { kubeconfig, ports, dataDir }: Settings): Promise<string> {
  const [vms, vmis] = await Promise.all([client.list(virtualMachines), client.list(virtualMachineInstances)]);
  const running = reportVms(vms.items, vmis.items).filter(({ status }) => status === "Running");
  const [first] = running;
  const name = first?.name.split("/")[1] ?? "NAME";
  const token = `$(cat ${join(dataDir, "access", "token")})`;
  const metrics = `https://127.0.0.1:${ports.metrics}/metrics`;
  return [
    `ready: ${running.length === 1 ? "1 VM runs" : `${running.length} VMs run`}`,
    table([
      ["  kubectl", `export KUBECONFIG=${kubeconfig}`],
      ["  console", `npm run console -- ${name}   or: virtctl console ${name}   (leave with Ctrl-])`],
      ...(first?.address ? [["  guest", `curl http://${first.address}/`]] : []),
      ["  metrics", metrics],
      ["", `curl --cacert ${join(dataDir, "pki", "ca.crt")} -H "Authorization: Bearer ${token}" ${metrics}`],
      ["  status", "npm run status"],
    ]),
    "Ctrl-C stops the control plane and lets VMs run; npm run stop ends everything.",
  ].join("\n");
}
