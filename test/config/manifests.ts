// Everything in config/, read as it is there: what a cluster would be given, before kustomize puts it together.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { parseAllDocuments } from "yaml";

export const configFolder = join(import.meta.dirname, "..", "..", "config");

export interface Found {
  /** Below config/. */
  path: string;
  object: {
    apiVersion?: string;
    kind?: string;
    metadata: { name: string; namespace?: string; labels?: Record<string, string> };
    // biome-ignore lint/suspicious/noExplicitAny: manifests of twenty kinds, read field by field
    [field: string]: any;
  };
}

export const configPaths = readdirSync(configFolder, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".yaml"))
  .toSorted();

const isKustomization = (path: string): boolean => path.endsWith("kustomization.yaml");

export const manifests: Found[] = configPaths
  .filter((path) => !isKustomization(path))
  .flatMap((path) => objectsOf(path).map((object) => ({ path, object })));

function objectsOf(path: string): Found["object"][] {
  const documents = parseAllDocuments(readFileSync(join(configFolder, path), "utf8"));
  for (const { errors } of documents) if (errors[0]) throw new Error(`${path} is no YAML`, { cause: errors[0] });
  return documents.map((document) => document.toJS() as Found["object"]);
}

/** All that kustomizations name, as paths below config/. */
export const namedPaths: string[] = configPaths.filter(isKustomization).flatMap((path) => {
  const [{ resources = [], components = [], replacements = [] } = {} as Found["object"]] = objectsOf(path);
  const paths = [...resources, ...components, ...replacements.map((each: { path: string }) => each.path)] as string[];
  return paths.map((named) => normalize(join(dirname(path), named)));
});

export const ofKind = (kind: string): Found[] => manifests.filter(({ object }) => object.kind === kind);
