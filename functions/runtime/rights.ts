// What a service account must be allowed to do for its functions: exactly what follows from their declarations.
import { events, type Resource } from "@knvirt/kubernetes";
import { type FunctionDefinition, readsOf, type Write } from "./definition.ts";
import { type Read, resourceRead } from "./reads.ts";

export interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** Whether the functions' own process follows changes. On Knative the source does, with an account of its own. */
export interface RightsOptions {
  watching: boolean;
}

interface Right {
  resource: Resource;
  subresource?: string;
  verbs: readonly string[];
}

/** Least rights, sorted, one rule for each resource and subresource. */
export function rulesOf(definitions: readonly FunctionDefinition[], { watching }: RightsOptions): PolicyRule[] {
  const rights = definitions.flatMap((definition) => [
    ...readsOf(definition).flatMap(([, read]) => readRights(read, watching)),
    ...writeRights(definition),
  ]);
  return merged(rights);
}

/** What follows changes of these kinds, and does nothing else. */
export const watchRules = (resources: readonly Resource[]): PolicyRule[] => watchingBy(resources, ["list", "watch"]);

/** Knative's source wants all three, or it does not start. */
export const sourceRules = (resources: readonly Resource[]): PolicyRule[] =>
  watchingBy(resources, ["get", "list", "watch"]);

const watchingBy = (resources: readonly Resource[], verbs: string[]): PolicyRule[] =>
  merged(resources.map((resource) => ({ resource, verbs })));

/** One key is answered by GET, all keys by LIST; of what there should be one of, the list is all that is asked for. */
function readRights(read: Read, watching: boolean): Right[] {
  const resource = resourceRead(read);
  if (!resource) return [];
  if (read.by === "listed") return [{ resource, verbs: ["get"] }];
  const verbs = read.by === "singleton" ? ["list"] : ["get", "list"];
  return [{ resource, verbs: watching ? [...verbs, "watch"] : verbs }];
}

/** Where a write goes, and by which verbs of the API server. What exists already when it is created is looked at. */
const rightsOfVerbs: Record<Write["verbs"][number], Omit<Right, "resource">> = {
  create: { verbs: ["create", "get"] },
  delete: { verbs: ["delete"] },
  adopt: { verbs: ["patch"] },
  changeSpec: { verbs: ["patch"] },
  addFinalizer: { verbs: ["patch"] },
  removeFinalizer: { verbs: ["patch"] },
  applyStatus: { subresource: "status", verbs: ["patch"] },
};

function writeRights({ primary, writes }: FunctionDefinition): Right[] {
  const declared = writes.flatMap(({ resource, verbs }) =>
    verbs.map((verb): Right => ({ resource, ...rightsOfVerbs[verb] })),
  );
  const telling: Right[] = writes.some((write) => write.events)
    ? [{ resource: events, verbs: ["create", "get", "patch"] }]
    : [];
  // Owners are held back while what they own is deleted. Where the API server checks owner references
  // (OwnerReferencesPermissionEnforcement), that takes the right to update the owner's finalizers.
  const owning: Right[] = writes.some(({ verbs }) => verbs.includes("create"))
    ? [{ resource: primary, subresource: "finalizers", verbs: ["update"] }]
    : [];
  return [...declared, ...telling, ...owning];
}

function merged(rights: Right[]): PolicyRule[] {
  const verbsById = new Map<string, Set<string>>();
  for (const { resource, subresource, verbs } of rights) {
    const id = `${groupOf(resource)} ${resource.plural}${subresource ? `/${subresource}` : ""}`;
    verbsById.set(id, new Set([...(verbsById.get(id) ?? []), ...verbs]));
  }
  return [...verbsById].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([id, verbs]) => ruleOf(id, verbs));
}

const groupOf = ({ apiVersion }: Resource): string =>
  apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";

function ruleOf(id: string, verbs: Set<string>): PolicyRule {
  const [group = "", resource = ""] = id.split(" ");
  return { apiGroups: [group], resources: [resource], verbs: [...verbs].toSorted() };
}
