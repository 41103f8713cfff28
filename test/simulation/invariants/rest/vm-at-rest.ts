// What the status of a VM has to say when nothing happens any more.
import { finalizer, isFinal, isRunning, type VirtualMachine, type VirtualMachineInstance } from "@knvirt/api";
import { hasCondition } from "../invariant.ts";

interface Expected {
  printableStatus: readonly string[];
  created: boolean;
  ready: boolean;
}

export function wrongVmStatus(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): string | undefined {
  const { status = {}, metadata } = vm;
  const { printableStatus = "Stopped", created = false, ready = false, stateChangeRequests = [] } = status;
  const expected = expectedOf(vmi);
  const wrong: [text: string, isWrong: boolean][] = [
    [`is called ${printableStatus}`, !expected.printableStatus.includes(printableStatus)],
    [`is called created: ${created}`, created !== expected.created],
    [`is called ready: ${ready}`, ready !== expected.ready],
    ["has open requests", stateChangeRequests.length > 0],
    [`has looked at generation ${status.desiredGeneration}`, isBehind(vm, vmi)],
    ["is not held by its finalizer", !metadata.finalizers?.includes(finalizer.vm)],
    ["counts failed starts", vmi !== undefined && isRunning(vmi) && status.startFailure !== undefined],
    ["tells of a failure", hasCondition(vm, "Failure")],
    ["says of no instance that it has to be restarted", !vmi && hasCondition(vm, "RestartRequired")],
  ];
  const found = wrong.find(([, isWrong]) => isWrong)?.[0];
  return found && `${found}, with ${vmi ? `an instance that is ${vmi.status?.phase}` : "no instance"}`;
}

function expectedOf(vmi: VirtualMachineInstance | undefined): Expected {
  const ready = hasCondition(vmi, "Ready");
  if (!vmi || isFinal(vmi)) return { printableStatus: stopped, created: vmi !== undefined, ready };
  if (!isRunning(vmi)) return { printableStatus: waiting, created: true, ready };
  return { printableStatus: hasCondition(vmi, "Paused") ? ["Paused"] : ["Running"], created: true, ready };
}

/** One that did not come up may stand as it failed last. */
const stopped = ["Stopped", "CrashLoopBackOff"];
const waiting = ["Starting", "ErrorUnschedulable", "WaitingForVolumeBinding", "ErrorPvcNotFound"];

const isBehind = ({ metadata, status }: VirtualMachine, vmi: VirtualMachineInstance | undefined): boolean =>
  vmi !== undefined && status?.desiredGeneration !== metadata.generation;
