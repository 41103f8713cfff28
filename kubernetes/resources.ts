// Which URL path serves which kind: the part of discovery that is known when the code is written.
import type {
  ConfigMap,
  Event,
  KubernetesObject,
  Node,
  PersistentVolumeClaim,
  Pod,
  Secret,
  StorageClass,
} from "./objects.ts";

/** `Kind` is a phantom: it ties the type of the objects to the resource. */
export interface Resource<Kind extends KubernetesObject = KubernetesObject> {
  apiVersion: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  object?: Kind;
}

export const resource = <Kind extends KubernetesObject>(
  apiVersion: string,
  kind: string,
  { plural = `${kind.toLowerCase()}s`, namespaced = true } = {},
): Resource<Kind> => ({ apiVersion, kind, plural, namespaced });

export const pods = resource<Pod>("v1", "Pod");
export const nodes = resource<Node>("v1", "Node", { namespaced: false });
export const secrets = resource<Secret>("v1", "Secret");
export const configMaps = resource<ConfigMap>("v1", "ConfigMap");
export const persistentVolumeClaims = resource<PersistentVolumeClaim>("v1", "PersistentVolumeClaim");
export const storageClasses = resource<StorageClass>("storage.k8s.io/v1", "StorageClass", {
  plural: "storageclasses",
  namespaced: false,
});
export const events = resource<Event>("v1", "Event");
export const namespaces = resource<KubernetesObject>("v1", "Namespace", { namespaced: false });
export const customResourceDefinitions = resource<KubernetesObject & { spec: object; status?: object }>(
  "apiextensions.k8s.io/v1",
  "CustomResourceDefinition",
  { namespaced: false },
);

/** Name of one object of a known resource; `namespace` is left out where the resource has none. */
export interface Key {
  namespace?: string;
  name: string;
}

export const keyOf = ({ metadata }: KubernetesObject): Key =>
  metadata.namespace === undefined ? { name: metadata.name } : { namespace: metadata.namespace, name: metadata.name };

/** The way people write it: `namespace/name`, or `name` where there is no namespace. */
export const keyText = ({ namespace, name }: Key): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

/** Path of a collection, or of one object when `key` has a name. */
export function pathOf(of: Resource, key: Partial<Key>, subresource?: string): string {
  const base = of.apiVersion.includes("/") ? `/apis/${of.apiVersion}` : `/api/${of.apiVersion}`;
  const scope =
    of.namespaced && key.namespace !== undefined ? `/namespaces/${encodeURIComponent(key.namespace)}` : "";
  const name = key.name === undefined ? "" : `/${encodeURIComponent(key.name)}`;
  return `${base}${scope}/${of.plural}${name}${subresource ? `/${subresource}` : ""}`;
}
