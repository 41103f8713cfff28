// What the API server holds, as the text of a failing spec: VMs in full, what runs them in one line each.
import { virtualMachineInstances, virtualMachines } from "@knvirt/api";
import {
  type Client,
  type Event,
  events,
  type KubernetesObject,
  type ListOptions,
  type Pod,
  pods,
  type Resource,
} from "@knvirt/kubernetes";

const newestEvents = 60;

/** One object a line. */
export async function objectsText(client: Client, options: ListOptions = {}): Promise<string> {
  const parts = [
    linesOf(client, virtualMachines, options).then((all) => all.map(whole)),
    linesOf(client, virtualMachineInstances, options).then((all) => all.map(whole)),
    linesOf(client, pods, options).then((all) => all.map(podText)),
    linesOf(client, events, options).then((all) => inTime(all).slice(-newestEvents).map(eventText)),
  ];
  const texts = await Promise.all(parts.map((part) => part.catch((error: Error) => [error.message])));
  return texts.flat().join("\n");
}

const linesOf = async <T extends KubernetesObject>(client: Client, of: Resource<T>, options: ListOptions) =>
  (await client.list(of, options)).items;

const whole = ({ metadata: { managedFields: _, ...metadata }, ...object }: KubernetesObject): string =>
  JSON.stringify({ ...object, metadata });

function podText({ metadata, spec, status }: Pod): string {
  const { namespace, name, deletionTimestamp } = metadata;
  const failing = (status?.conditions ?? []).filter((condition) => condition.status !== "True");
  const containers = (status?.containerStatuses ?? []).map((container) => ({
    [container.name]: container.state,
    ...(container.restartCount > 0 && { restarts: container.restartCount, before: container.lastState }),
  }));
  const told = { containers, conditions: failing, ...(deletionTimestamp && { deletionTimestamp }) };
  return `pod ${namespace}/${name} on ${spec.nodeName} is ${status?.phase}: ${JSON.stringify(told)}`;
}

const timeOf = ({ lastTimestamp, metadata }: Event): string => lastTimestamp ?? metadata.creationTimestamp ?? "";
const inTime = (all: Event[]): Event[] => all.toSorted((one, other) => (timeOf(one) < timeOf(other) ? -1 : 1));

const eventText = (event: Event): string => {
  const { kind, namespace, name } = event.involvedObject;
  return `${timeOf(event)} ${kind} ${namespace}/${name} ${event.type} ${event.reason}: ${event.message}`;
};
