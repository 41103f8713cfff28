// Tells how the VMs that were just applied come up, and returns when all that are to run do.
import { runStrategyOf, type VirtualMachine, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { type Client, inform, type KubernetesObject, keyOf, keyText } from "@knvirt/kubernetes";
import type { Manifest } from "./manifests.ts";
import type { Progress } from "./progress.ts";
import { reportVms, type VmLine } from "./vm-report.ts";

/** Strategies under which an applied VM comes up by itself. */
const startsByItself = ["Always", "RerunOnFailure", "Once"];

export async function followVms(client: Client, manifests: Manifest[], { say }: Progress): Promise<void> {
  const awaited = new Set(manifests.filter(isAwaited).map(({ object }) => nameOf(object)));
  const told = new Map<string, string>();
  const started = performance.now();
  let finish = (): void => undefined;
  const all = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const look = (): void => {
    for (const line of reportVms(vms.all(), vmis.all())) {
      if (awaited.has(line.name)) tellOnce(told, line, (text) => say(`  ${text}${secondsSince(started)}`));
      if (line.status === "Running") awaited.delete(line.name);
    }
    if (awaited.size === 0) finish();
  };
  // A change of either kind can change a line; both copies exist once these calls have returned.
  const onChange = () => queueMicrotask(look);
  const vms = inform(client, virtualMachines, { onChange });
  const vmis = inform(client, virtualMachineInstances, { onChange });
  if (awaited.size > 0) await all;
  vms.stop();
  vmis.stop();
}

function tellOnce(told: Map<string, string>, { name, status, why }: VmLine, say: (text: string) => void): void {
  const text = `vm ${name}: ${status}${why && status !== "Running" ? ` (${why})` : ""}`;
  if (told.get(name) === text) return;
  told.set(name, text);
  say(text);
}

const secondsSince = (started: number): string => `, ${((performance.now() - started) / 1000).toFixed(1)} s`;

const isAwaited = ({ object }: Manifest): boolean =>
  object.kind === "VirtualMachine" && startsByItself.includes(runStrategyOf(object as VirtualMachine));

const nameOf = ({ metadata }: KubernetesObject): string =>
  keyText(keyOf({ metadata: { ...metadata, namespace: metadata.namespace ?? "default" } } as KubernetesObject));
