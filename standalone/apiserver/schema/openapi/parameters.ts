// The query and path parameters of operations. kubectl looks for fieldValidation and dryRun to learn what a server can do.
import type { Action } from "./operations.ts";

export interface Parameter {
  name: string;
  in: "query" | "path";
  description: string;
  type: "string" | "integer" | "boolean";
  required?: boolean;
}

const query = (name: string, description: string, type: Parameter["type"] = "string"): Parameter => ({
  name,
  in: "query",
  description,
  type,
});

const dryRun = query("dryRun", "All: everything is checked, nothing is stored.");

const writing: Parameter[] = [
  dryRun,
  query("fieldManager", "Name of who makes the change, recorded in metadata.managedFields."),
  query(
    "fieldValidation",
    "What happens to unknown fields: Strict refuses them, Warn warns of them, Ignore drops them.",
  ),
];

const selecting: Parameter[] = [
  query("continue", "Token of the previous page."),
  query("fieldSelector", "Only objects whose fields match."),
  query("labelSelector", "Only objects whose labels match."),
  query("limit", "How many objects a page has at most.", "integer"),
  query("resourceVersion", "Version of the collection to read or to watch from."),
  query("resourceVersionMatch", "How resourceVersion is meant: Exact or NotOlderThan."),
  query("timeoutSeconds", "When to end the request.", "integer"),
];

const watching: Parameter[] = [
  query("allowWatchBookmarks", "Whether a watch may report progress without a change.", "boolean"),
  query("watch", "Report changes as they happen.", "boolean"),
];

const deleting: Parameter[] = [
  dryRun,
  query("gracePeriodSeconds", "Seconds the object may take to end in order.", "integer"),
  query("orphanDependents", "Old form of propagationPolicy: true is Orphan.", "boolean"),
  query("propagationPolicy", "What happens to dependents: Orphan, Background or Foreground."),
];

const byAction: Record<Action, Parameter[]> = {
  get: [],
  list: [...watching, ...selecting],
  post: writing,
  put: writing,
  patch: [
    ...writing,
    query("force", "Take over fields that belong to other managers. Only for apply patches.", "boolean"),
  ],
  delete: deleting,
  deletecollection: [...deleting, ...selecting],
};

export const queryParameters = (action: Action): Parameter[] => byAction[action];

/** The parameters that all operations of a path share. */
export function pathParameters(path: string): Parameter[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]): Parameter => {
    const description = name === "namespace" ? "Namespace of the object." : "Name of the object.";
    return { name, in: "path", description, type: "string", required: true };
  });
  return [...inPath, query("pretty", "Whether the answer is indented.")];
}

export const patchTypes = [
  "application/apply-patch+yaml",
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];
