// For tests: what is told of VMs, held against what their instances were.
import {
  isBeingDeleted,
  isFinal,
  isRunning,
  type VirtualMachine,
  type VirtualMachineInstance,
  virtualMachineInstances,
  virtualMachines,
} from "@knvirt/api";
import { type Client, inform } from "@knvirt/kubernetes";

interface Moment {
  version: number;
  state: string;
}

export interface ToldStates {
  /** Each state that was told although it was not there when it can have been looked at. */
  untrue(): string[];
  told(): number;
  stop(): void;
}

/** From now on. Resource versions of the embedded API server count all writes, so objects of two kinds can be put in
 * order. */
export async function toldStates(client: Client): Promise<ToldStates> {
  const instances = new Map<string, Moment[]>();
  const vms = new Map<string, Moment[]>();
  const note = (where: Map<string, Moment[]>, name: string, moment: Moment): void => {
    where.set(name, [...(where.get(name) ?? []), moment]);
  };
  const informers = [
    inform(client, virtualMachineInstances, {
      onChange: ({ type, object }) =>
        note(instances, object.metadata.name, {
          version: Number(object.metadata.resourceVersion),
          state: type === "deleted" ? "Stopped" : stateOf(object),
        }),
    }),
    inform(client, virtualMachines, {
      onChange: ({ object }) =>
        note(vms, object.metadata.name, { version: Number(object.metadata.resourceVersion), state: toldOf(object) }),
    }),
  ];
  await Promise.all(informers.map(({ synced }) => synced));
  return {
    untrue: () => [...vms].flatMap(([name, told]) => untrueOf(name, told, instances.get(name) ?? [])),
    told: () => [...vms.values()].reduce((sum, told) => sum + told.length, 0),
    stop: () => {
      for (const informer of informers) informer.stop();
    },
  };
}

const toldOf = ({ status }: VirtualMachine): string => status?.printableStatus ?? "Stopped";

function stateOf(vmi: VirtualMachineInstance): string {
  if (isFinal(vmi)) return "Stopped";
  if (isBeingDeleted(vmi)) return "Stopping";
  return isRunning(vmi) ? "Running" : "Starting";
}

/** Whoever tells has looked after the write before the last, and may tell of a stop that is done just afterwards. */
function untrueOf(name: string, told: Moment[], was: Moment[]): string[] {
  return told.flatMap(({ version, state }, index) => {
    if (state === told[index - 1]?.state) return [];
    const since = told[index - 2]?.version ?? 0;
    const current = was.findLastIndex((moment) => moment.version <= since);
    const seen = was.filter((moment, at) => at >= current && moment.version <= version).map((moment) => moment.state);
    const until = told[index + 2]?.version ?? Infinity;
    const next = was.filter((moment) => moment.version > version && moment.version <= until);
    const stops = next.some((moment) => moment.state === "Stopping") ? ["Stopping"] : [];
    const possible = [...(current === -1 ? ["Stopped"] : []), ...seen, ...stops];
    return possible.includes(state) ? [] : [`${name} was told to be ${state} at ${version}: it was ${possible}`];
  });
}
