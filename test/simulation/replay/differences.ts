// What the model answers differently from a server, and why that is no matter in a simulation: every difference that a
// replay finds is here, or a bug.
import type { KubernetesObject } from "@knvirt/kubernetes";
import { type Difference, differences, type Found } from "../../compare/differences.ts";

/** Also of the embedded API server, of whose definitions the model is made. */
const shared = ["empty-values", "pod-admission", "node-taints"];

export const modelDifferences: readonly Difference[] = [
  ...differences
    .filter(({ id }) => shared.includes(id))
    .map((difference) => ({
      ...difference,
      // A field that is owned is written as one that is empty.
      explains: (found: Found) => !isOwner(found) && difference.explains(found),
    })),
  {
    id: "typed-items",
    what: "Items of lists of Kubernetes' own kinds say which kind they are.",
    why: "They are the stored objects, which are never copied; our client puts the same in where it is missing.",
    explains: ({ path, embedded, real }) =>
      /^body\.items\[\d+\]\.(apiVersion|kind)$/.test(path) && embedded !== undefined && real === undefined,
  },
  {
    id: "owners-of-empty-values",
    what: "Who wrote a condition does not own the times in it that were left out.",
    why: "Kubernetes fills them in with nothing, and the model leaves them out.",
    explains: (found) =>
      isOwner(found) && /\.f:last(Probe|Heartbeat)Time$/.test(found.path) && found.embedded === undefined,
  },
  {
    id: "owners-in-pods",
    what: "Who binds a pod owns its node's name, and each entry of a pod's nodeSelector and hostIPs has an owner.",
    why: "Nobody applies to pods, so that nothing hangs on who owns their fields.",
    explains: (found) =>
      isOwner(found) && found.real === undefined && (ownedInPods.test(found.path) || isBinder(found.embedded)),
  },
  {
    id: "pull-policy-of-images",
    what: "Volumes of images get no pullPolicy that they did not ask for.",
    why: "Nothing is pulled in a simulation.",
    explains: ({ path, embedded }) => embedded === undefined && /\.(image|f:image)\.(f:)?pullPolicy$/.test(path),
  },
  {
    id: "version-of-removed",
    what: "A write that takes the last finalizer off a deleted object answers the version of its removal.",
    why: "Kubernetes answers the version before; nothing can be done any more with either.",
    explains: ({ path, answers: { embedded } }) => path === "resourceVersion" && isRemoved(embedded.body.metadata),
  },
];

const isRemoved = ({ deletionTimestamp, finalizers = [] }: KubernetesObject["metadata"]): boolean =>
  deletionTimestamp !== undefined && finalizers.length === 0;

const ownedInPods = /\.f:spec\.f:nodeSelector\.|\.f:status\.f:hostIPs\./;
const binder = JSON.stringify({ "f:spec": { "f:nodeName": {} } });

const isBinder = (entry: Found["embedded"]): boolean => JSON.stringify(entry?.fieldsV1) === binder;

const isOwner = ({ path }: Found): boolean => path.includes(".managedFields.");

export const explanationOf = (found: Found): Difference | undefined =>
  modelDifferences.find((difference) => difference.explains(found));
