// Waiting for an object until it is as a spec wants it.
import type { Client, Key, KubernetesObject, Resource } from "@knvirt/kubernetes";
import { eventually } from "./eventually.ts";

export interface Wanted<T extends KubernetesObject> {
  of: Resource<T>;
  key: Key;
  /** Undefined stands for an object that is gone, or not there yet. */
  is(object: T | undefined): boolean;
}

export async function objectWhen<T extends KubernetesObject>(
  client: Client,
  { of, key, is }: Wanted<T>,
): Promise<T | undefined> {
  const find = () => client.find(of, key);
  const found = async () => {
    const object = await find();
    return is(object) && { object };
  };
  const evidence = async () => JSON.stringify(await find(), null, 1);
  return (await eventually(found, { seconds: 60, what: `${of.kind} ${key.name} is as wanted`, evidence })).object;
}
