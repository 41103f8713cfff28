// What an installation needs for a function, taken from its declaration: here, the rights of its service account.
import type { Resource } from "@knvirt/kubernetes";
import { type FunctionDefinition, readsOf, type Write } from "./definition.ts";
import { resourceRead } from "./reads.ts";

export interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** Where a write goes, and by which verb of the API server. */
const writeRights: Record<Write["verbs"][number], readonly [subresource: string, verb: string]> = {
  create: ["", "create"],
  delete: ["", "delete"],
  adopt: ["", "patch"],
  changeSpec: ["", "patch"],
  addFinalizer: ["", "patch"],
  removeFinalizer: ["", "patch"],
  applyStatus: ["/status", "patch"],
};

/** Least rights, sorted, one rule for each resource and subresource. */
export function rulesOf(definition: FunctionDefinition): PolicyRule[] {
  const rights = new Map<string, Set<string>>();
  const allow = ({ apiVersion, plural }: Resource, subresource: string, verbs: readonly string[]): void => {
    const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
    const id = `${group} ${plural}${subresource}`;
    rights.set(id, new Set([...(rights.get(id) ?? []), ...verbs]));
  };
  for (const [, read] of readsOf(definition)) {
    const of = resourceRead(read);
    if (of) allow(of, "", ["get", "list", "watch"]);
  }
  for (const { resource, verbs, events } of definition.writes) {
    for (const [subresource, verb] of verbs.map((declared) => writeRights[declared]))
      allow(resource, subresource, [verb]);
    if (events) allow({ apiVersion: "v1", plural: "events" } as Resource, "", ["create", "get", "patch"]);
  }
  // Owners are held back while what they own is deleted: that takes the right to update their finalizers.
  if (definition.writes.some(({ verbs }) => verbs.includes("create")))
    allow(definition.primary, "/finalizers", ["update"]);
  return [...rights].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([id, verbs]) => ruleOf(id, verbs));
}

function ruleOf(id: string, verbs: Set<string>): PolicyRule {
  const [group = "", resource = ""] = id.split(" ");
  return { apiGroups: [group], resources: [resource], verbs: [...verbs].toSorted() };
}
