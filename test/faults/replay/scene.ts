// Where a plan is played: a namespace of its own on an instance, and all that is written there.
import { type VirtualMachineInstance, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import {
  type Change,
  inform,
  type KubernetesObject,
  keyOf,
  namespaces,
  pods,
  type Resource,
} from "@knvirt/kubernetes";
import type { Plan } from "../../simulation/plan/plan.ts";
import type { Instance } from "../../support/instance.ts";
import type { Ends } from "./ends.ts";

export interface Staged {
  name: string;
  plan: Plan;
  ends: Ends;
}

export interface Scene extends Omit<Staged, "name"> {
  /** Its namespace is that of the plan. */
  host: Instance;
  written: Written;
  /** Aborted when the plan is over: nobody waits on for what has not happened. */
  over: AbortSignal;
  /** What was written, what users were answered, and who was killed: for the text of a failure. */
  note(text: string): void;
  notes(): readonly string[];
  /** How many were killed, and one more. */
  deaths(): number;
  countDeath(): void;
  end(): void;
  /** What is written is followed no more. */
  close(): void;
}

interface Written {
  /** Since somebody has written a VM, an instance or a pod. */
  quietMs(): number;
  objects(): KubernetesObject[];
  instances(): VirtualMachineInstance[];
  /** Uids of the pods of a name, in their order. */
  podsOf(name: string): string[];
  /** Answers how to end it. */
  follow(listener: (change: Change<KubernetesObject>) => void): () => void;
}

export async function openScene(instance: Instance, { name, plan, ends }: Staged): Promise<Scene> {
  const namespace = `replay-${name}`.slice(0, 63).replace(/-$/, "");
  await instance.client.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const host = { ...instance, namespace };
  const over = new AbortController();
  const { stop, ...written } = await followWrites(host);
  const notes: string[] = [];
  let deaths = 0;
  const note = (text: string): void => void notes.push(`${new Date().toISOString()} ${text}`);
  written.follow((change) => note(changeText(change)));
  return {
    ...{ plan, ends, host, written, note },
    notes: () => notes,
    over: over.signal,
    deaths: () => deaths,
    countDeath: () => {
      deaths += 1;
    },
    end: () => over.abort(),
    close: stop,
  };
}

/** What fails tells all that happened in the scenes, and what is there now. */
export async function withEvidence(scenes: readonly Scene[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const texts = scenes.flatMap(({ host, notes }) => [`--- ${host.namespace}`, ...notes()]);
    const evidence = await scenes[0]?.host.evidence().catch(String);
    throw new Error([(error as Error).message, ...texts, evidence].join("\n"), { cause: error });
  }
}

async function followWrites({ client, namespace }: Instance): Promise<Written & { stop(): void }> {
  const listeners = new Set<(change: Change<KubernetesObject>) => void>();
  const launchers = new Map<string, Set<string>>();
  let lastMs = performance.now();
  const onChange = (change: Change<KubernetesObject>): void => {
    lastMs = performance.now();
    const { kind, metadata } = change.object;
    if (kind === "Pod")
      launchers.set(metadata.name, (launchers.get(metadata.name) ?? new Set()).add(metadata.uid ?? ""));
    for (const listener of listeners) listener(change);
  };
  const copyOf = <T extends KubernetesObject>(of: Resource<T>) => inform(client, of, { namespace, onChange });
  const instances = copyOf(virtualMachineInstances);
  const copies = [copyOf(virtualMachines), instances, copyOf(pods)];
  await Promise.all(copies.map(({ synced }) => synced));
  return {
    quietMs: () => performance.now() - lastMs,
    objects: () => copies.flatMap((copy): KubernetesObject[] => copy.all()),
    instances: () => instances.all(),
    podsOf: (name) => [...(launchers.get(name) ?? [])],
    follow: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => copies.forEach((copy) => void copy.stop()),
  };
}

function changeText({ type, object }: Change<KubernetesObject>): string {
  const { kind, metadata } = object;
  const { status = {} } = object as { status?: { phase?: string; printableStatus?: string } };
  const going = metadata.deletionTimestamp ? " going" : "";
  return `${type} ${kind} ${keyOf(object).name} ${metadata.uid} ${status.phase ?? status.printableStatus ?? ""}${going}`;
}
