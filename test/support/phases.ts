// Every phase that an instance was seen in, for specs in which none may change.
import { phaseOf, virtualMachineInstances } from "@knvirt/api";
import { inform } from "@knvirt/kubernetes";
import type { Host } from "./host.ts";

export interface SeenPhases {
  /** Each change as `phase uid`; what stays the same is told once. Ends the watch. */
  end(): string[];
}

export async function followPhases({ client, namespace }: Host, name: string): Promise<SeenPhases> {
  const seen: string[] = [];
  const copy = inform(client, virtualMachineInstances, {
    namespace,
    fieldSelector: `metadata.name=${name}`,
    onChange: ({ type, object }) => {
      const phase = `${type === "deleted" ? "deleted" : phaseOf(object)} ${object.metadata.uid}`;
      if (seen.at(-1) !== phase) seen.push(phase);
    },
  });
  await copy.synced;
  return {
    end: () => {
      copy.stop();
      return seen;
    },
  };
}
