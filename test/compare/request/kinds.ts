// The kinds that requests are about.
import { namespaceKind, node } from "./kinds/cluster.ts";
import { configMap, secret } from "./kinds/configuration.ts";
import { event } from "./kinds/events.ts";
import type { Kind } from "./kinds/kind.ts";
import { instance, kubeVirt, virtualMachine } from "./kinds/kubevirt.ts";
import { pod } from "./kinds/pods.ts";
import { claim, storageClass } from "./kinds/storage.ts";

export { collectionPath, group, type Kind, namespace } from "./kinds/kind.ts";

/** Nobody else acts on them, also where a whole cluster is at work. */
const quietKinds: readonly Kind[] = [
  ...[virtualMachine, instance, kubeVirt, secret, event, storageClass, namespaceKind],
];
export const kinds: readonly Kind[] = [...quietKinds, configMap, claim, pod, node];
