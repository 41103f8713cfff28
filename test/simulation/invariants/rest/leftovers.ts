// What must not be left when nothing happens any more: what is on its way out, what belongs to nobody, and what lives
// without anybody knowing.
import type { KubernetesObject } from "@knvirt/kubernetes";
import { controllerOf, type Entry, type Register } from "../register.ts";
import type { Truth } from "./truth.ts";

export interface Leftover {
  object: string;
  message: string;
}

export const leftovers = (register: Register, truth: Truth): Leftover[] => [
  ...[...register.vms.all(), ...register.vmis.all(), ...register.pods.all()].flatMap((entry) =>
    objectLeft(register, entry),
  ),
  ...[...truth.living()]
    .filter(({ pod }) => register.pods.get(pod)?.isGone !== false)
    .map(({ pod, node }) => ({ object: `pod ${pod}`, message: `lives on ${node} and is unknown to the API` })),
  ...[...truth.open]
    .filter(([, pod]) => register.pods.get(pod)?.isGone !== false)
    .map(([claim, pod]) => ({ object: `PersistentVolumeClaim ${claim}`, message: `is still open in pod ${pod}` })),
];

function objectLeft(register: Register, { key, object, isGone }: Entry<KubernetesObject>): Leftover[] {
  const message = isGone ? undefined : whyItShouldGo(register, object);
  return message === undefined ? [] : [{ object: `${object.kind} ${key}`, message }];
}

function whyItShouldGo({ vms, vmis }: Register, object: KubernetesObject): string | undefined {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp)
    return `is to be deleted since ${deletionTimestamp}, and still held by ${finalizers.join(", ") || "nobody"}`;
  const owner = controllerOf(object);
  const owners = owner && { VirtualMachine: vms, VirtualMachineInstance: vmis }[owner.kind];
  if (!owners || owners.get(owner.uid)?.isGone === false) return undefined;
  return `is owned by ${owner.kind} ${owner.uid}, which is gone`;
}
