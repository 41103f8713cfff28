// For each VM: what it is, and why it does not run when it should. Pure: objects in, words out.

import { isRunning, runStrategyOf, type VirtualMachine, type VirtualMachineInstance } from "@knvirt/api";
import { keyOf, keyText } from "@knvirt/kubernetes";

export interface VmLine {
  name: string;
  status: string;
  address: string;
  why: string;
}

export function reportVms(vms: VirtualMachine[], vmis: VirtualMachineInstance[]): VmLine[] {
  const instances = new Map(vmis.map((vmi) => [keyText(keyOf(vmi)), vmi]));
  const owned = vms.map((vm) => vmLine(vm, instances.get(keyText(keyOf(vm)))));
  const named = new Set(vms.map((vm) => keyText(keyOf(vm))));
  const bare = vmis.filter((vmi) => !named.has(keyText(keyOf(vmi)))).map(bareLine);
  return [...owned, ...bare];
}

function vmLine(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): VmLine {
  return {
    name: keyText(keyOf(vm)),
    status: vm.status?.printableStatus ?? "Pending",
    address: vmi?.status?.interfaces?.[0]?.ipAddress ?? "",
    why: vmi && isRunning(vmi) ? "" : whyVm(vm, vmi),
  };
}

const bareLine = (vmi: VirtualMachineInstance): VmLine => ({
  name: keyText(keyOf(vmi)),
  status: vmi.status?.phase ?? "Pending",
  address: vmi.status?.interfaces?.[0]?.ipAddress ?? "",
  why: isRunning(vmi) ? "" : whyVmi(vmi),
});

function whyVm(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): string {
  const failure = messageOf(vm, "Failure", "True");
  const retryAt = vm.status?.startFailure?.retryAfterTimestamp;
  const strategy = runStrategyOf(vm);
  if (failure) return failure;
  if (vmi) return whyVmi(vmi);
  if (retryAt) return `its last start failed; tried again at ${retryAt}`;
  if (strategy === "Halted") return "its run strategy is Halted";
  if (strategy === "Manual") return "its run strategy is Manual: nobody started it";
  return "";
}

function whyVmi(vmi: VirtualMachineInstance): string {
  const told =
    messageOf(vmi, "Synchronized", "False") ??
    messageOf(vmi, "PodScheduled", "False") ??
    messageOf(vmi, "Ready", "False");
  return told ?? vmi.status?.reason ?? "";
}

type Conditioned = VirtualMachine | VirtualMachineInstance;

function messageOf({ status }: Conditioned, type: string, value: string): string | undefined {
  const condition = status?.conditions?.find((entry) => entry.type === type && entry.status === value);
  return condition && (condition.message || condition.reason);
}

/** Columns as wide as their widest cell; the last one takes what is left. */
export function table(rows: string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
