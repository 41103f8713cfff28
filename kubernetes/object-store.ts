// Objects by `namespace/name`, and the changes that follow from what the API server says they are now.
import type { KubernetesObject } from "./objects.ts";
import { keyOf, keyText } from "./resources.ts";

export type Change<T> =
  | { type: "added"; object: T }
  | { type: "modified"; object: T; before: T }
  | { type: "deleted"; object: T };

export interface ObjectStore<T> {
  get(key: string): T | undefined;
  all(): T[];
  put(object: T): void;
  drop(object: T): void;
  /** These and no others are there. */
  replace(objects: T[]): void;
}

/** The store has each change when it is told. */
export function objectStore<T extends KubernetesObject>(tell: (change: Change<T>) => void): ObjectStore<T> {
  const store = new Map<string, T>();
  const put = (object: T): void => {
    const key = keyText(keyOf(object));
    const before = store.get(key);
    if (before && before.metadata.resourceVersion === object.metadata.resourceVersion) return;
    const isSuccessor = before !== undefined && before.metadata.uid !== object.metadata.uid;
    if (isSuccessor) drop(before);
    store.set(key, object);
    tell(before && !isSuccessor ? { type: "modified", object, before } : { type: "added", object });
  };
  const drop = (object: T): void => {
    if (store.delete(keyText(keyOf(object)))) tell({ type: "deleted", object });
  };
  return {
    get: (key) => store.get(key),
    all: () => [...store.values()],
    put,
    drop,
    replace: (objects) => {
      const gone = new Map(store);
      for (const object of objects) {
        gone.delete(keyText(keyOf(object)));
        put(object);
      }
      for (const object of gone.values()) drop(object);
    },
  };
}
