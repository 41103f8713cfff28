// What the embedded API server does differently from Kubernetes' own, and why: every difference that the comparison finds
// is either here or a bug. docs/api-server.md is written from it.
import { type Differing, differing } from "./answer/differing.ts";
import { group, kinds } from "./request/kinds.ts";
import type { Step } from "./request/step.ts";
import type { Answer } from "./server/server.ts";

export interface Found extends Differing {
  step: Step;
  /** Normalised. */
  answers: { embedded: Answer; real: Answer };
}

export interface Difference {
  id: string;
  /** For users: what is different. */
  what: string;
  why: string;
  explains(found: Found): boolean;
}

const isCustom = ({ step }: Found): boolean => step.path.includes(group);
const message = (answer: Answer): string => String(answer.body?.message ?? answer.body);

/** Codes that say that the request itself is wrong, and would be again. */
const faults = [400, 405, 415, 422, 500];

export const differences: readonly Difference[] = [
  {
    id: "wording",
    what: "A refusal has the same code and reason, but may be put in other words, and name the fields differently.",
    why: "Kubernetes' words are often those of its programming language; ours name the object and what was expected.",
    explains: ({ path, answers: { embedded, real } }) =>
      embedded.code >= 400 &&
      embedded.body?.reason === real.body?.reason &&
      (faults.includes(embedded.code) ? /^body\.(message|details)/ : /^body\.message$/).test(path),
  },
  {
    id: "which-fault",
    what: "A request that is wrong may be refused with another of the codes that say so (400, 405, 415, 422; 500 too).",
    why: "Of several faults another one is found first, or one is found before it is seen that the object is missing or has changed; and Kubernetes calls some wrong requests errors of its own.",
    explains: ({ path, answers: { embedded, real } }) =>
      path === "code" &&
      faults.includes(embedded.code) &&
      (faults.includes(real.code) || isLate(real) || real.code === 404),
  },
  {
    id: "unknown-fields",
    what: "Fields that a schema of ours does not have are refused, whatever fieldValidation says.",
    why: "A field that is dropped silently is a VM other than its owner believes.",
    explains: (found) =>
      found.path === "code" && isCustom(found) && message(found.answers.embedded).includes("strict decoding error"),
  },
  {
    id: "version-that-is-none",
    what: "A resourceVersion that is no number is a conflict (409), not an error of the server (500).",
    why: "It is no version of the object, like any other that is not its present one.",
    explains: ({ path, answers: { embedded, real } }) =>
      path === "code" && embedded.code === 409 && message(real).startsWith("strconv.ParseUint"),
  },
  {
    id: "empty-values",
    what: 'Fields that Kubernetes fills in with nothing ("", 0, null, {}) may be left out.',
    why: "They say nothing, and clients read them as absent.",
    explains: ({ embedded, real }) => embedded === undefined && isNothing(real),
  },
  {
    id: "not-found-page",
    what: "Where no kind is served the answer is a Status of 404, not a page of text.",
    why: "Clients show its message.",
    explains: ({ answers: { embedded, real } }) => embedded.code === 404 && real.body === "404 page not found\n",
  },
  {
    id: "null-in-apply",
    what: "In server-side apply a field that is null counts as left out.",
    why: "Kubernetes stores it and then finds that it is of no type.",
    explains: ({ path, step, answers: { embedded } }) =>
      path === "code" && isApply(step) && embedded.code < 300 && JSON.stringify(step.body).includes(":null"),
  },
  {
    id: "emptied-maps",
    what: "A map that is empty stays an empty map when somebody else applies to the object.",
    why: "Kubernetes makes null of it, and then refuses the apply because null is no map.",
    explains: ({ path, step, answers: { embedded, real } }) =>
      path === "code" &&
      isApply(step) &&
      embedded.code < 300 &&
      message(real).includes('must be of type object: "null"'),
  },
  {
    id: "born-deleted",
    what: "An object that is made by server-side apply is never born with a deletionTimestamp.",
    why: "Kubernetes keeps what the client says of its end, and the object is deleted before it was there.",
    explains: ({ path, step, answers: { embedded } }) =>
      embedded.code === 201 && isApply(step) && /metadata\.deletion(Timestamp|GracePeriodSeconds)$/.test(path),
  },
  {
    id: "pod-admission",
    what: "Pods get no service account, tolerations, priority or service links that they did not ask for.",
    why: "No token is mounted on this machine, and it has one node: there is nobody to move a pod to.",
    explains: ({ path, step, embedded }) =>
      kindOf(step) === "pods" &&
      embedded === undefined &&
      /(serviceAccountName|serviceAccount|tolerations|priority|preemptionPolicy|enableServiceLinks)$/.test(path),
  },
  {
    id: "node-taints",
    what: "A new Node is not tainted as not ready.",
    why: "The machine makes its own Node when it is ready, and nobody would take the taint away.",
    explains: ({ path, step }) => kindOf(step) === "nodes" && /\.spec\.taints/.test(path),
  },
  {
    id: "self-link",
    what: "Links to themselves (metadata.selfLink) are not stored in objects.",
    why: "Nothing fills it in any more; Kubernetes keeps what a client puts there with some requests.",
    explains: ({ path }) => path.endsWith(".selfLink") || path.includes("f:selfLink"),
  },
  {
    id: "binding-mode",
    what: "A StorageClass without a volumeBindingMode waits for the first consumer.",
    why: "Storage of this machine is made when a pod needs it; Immediate is refused.",
    explains: ({ path, step }) => kindOf(step) === "storageclasses" && path.endsWith("volumeBindingMode"),
  },
  {
    id: "no-op-version",
    what: "A write that changes nothing keeps the resourceVersion, always.",
    why: "Kubernetes gives a new one when the same content is encoded anew, or who manages it.",
    explains: ({ path, answers: { embedded, real } }) =>
      path === "body.metadata.resourceVersion" &&
      isEarlier(embedded.body.metadata.resourceVersion, real.body.metadata.resourceVersion) &&
      differing(embedded.body, real.body).length === 1,
  },
  {
    id: "put-creates",
    what: "PUT does not create what is not there.",
    why: "Kubernetes does so for Events and a few others, which nothing here relies on.",
    explains: ({ path, step, answers: { embedded } }) =>
      path === "code" && step.method === "PUT" && kindOf(step) === "events" && embedded.code === 404,
  },
  {
    id: "status-metadata",
    what: "Requests to the status of a built-in kind change its status, not its metadata.",
    why: "That is how it is with custom kinds; Kubernetes takes labels and more along with some built-in ones.",
    explains: ({ path, step, answers: { embedded, real } }) =>
      step.path.endsWith("/status") &&
      !step.path.includes(group) &&
      (path.startsWith("body.metadata.") || (embedded.code === 200 && message(real).includes("metadata."))),
  },
  {
    id: "wrong-metadata-in-status",
    what: "Metadata that cannot be read is refused in server-side apply to a status, too.",
    why: "Kubernetes ignores it there, as all metadata.",
    explains: ({ path, step, answers: { embedded } }) =>
      path === "code" && isApply(step) && step.path.endsWith("/status") && message(embedded).includes(": .metadata."),
  },
  {
    id: "namespace-finalizers",
    what: "When a namespace is applied to that nobody manages yet, its spec.finalizers count as managed before.",
    why: "They were there before; nobody can change them by an apply, so that nothing hangs on it.",
    explains: ({ path, step }) =>
      kindOf(step) === "namespaces" && isApply(step) && /\.managedFields\[\d+\]\.fieldsV1\.f:spec\b/.test(path),
  },
  {
    id: "time-of-no-op",
    what: "An apply that changes nothing gives its entry in managedFields no time, and leaves the time that it has.",
    why: "Kubernetes sets the time when something was applied that it then drops, such as a wrong namespace.",
    explains: ({ path }) => /\.managedFields\[\d+\]\.time$/.test(path),
  },
  {
    id: "unreadable-managers",
    what: "Values of wrong types in the part of an object that a request does not write are ignored.",
    why: "Kubernetes forgets who manages the object's fields then.",
    explains: ({ path, answers: { embedded, real } }) =>
      /^body\.metadata\.(managedFields|resourceVersion)$/.test(path) &&
      embedded.body?.metadata?.managedFields !== undefined &&
      real.body?.metadata?.managedFields === undefined,
  },
];

const kindOf = ({ path }: Step): string =>
  kinds.find(({ plural }) => path.split("/").includes(plural) && plural !== "namespaces")?.plural ?? "namespaces";

const isLate = (answer: Answer): boolean =>
  answer.code === 409 && message(answer).includes("the object has been modified");

/** Versions are numbered as they appear. */
const isEarlier = (left: string, right: string): boolean =>
  Number(/\d+/.exec(left)?.[0]) < Number(/\d+/.exec(right)?.[0]);

const isApply = ({ contentType }: Step): boolean => contentType === "application/apply-patch+yaml";

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === "" ||
  value === 0 ||
  (typeof value === "object" && Object.values(value).every(isNothing));

export const explanationOf = (found: Found): Difference | undefined =>
  differences.find((difference) => difference.explains(found));
