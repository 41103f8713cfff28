// How objects are shown: as they are, as rows of a Table, or by their metadata alone, as the Accept header asks.

import { ApiError } from "../errors.ts";
import type { ServedResource } from "../machinery.ts";
import type { KubernetesObject } from "../object.ts";
import type { Version } from "../storage/version.ts";
import { type IncludeObject, tableOf } from "../table/table.ts";
import type { WatchEvent } from "../watch-hub.ts";

export interface ListMeta {
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

export interface Presentation {
  /** Presentations with equal keys make equal text. */
  key: string;
  one(version: Version): string;
  list(versions: Version[], metadata: ListMeta): string;
  /** Events of a watch after the first, where they differ from it. */
  nextEvent?(version: Version): string;
}

type Shape = "plain" | "Table" | "PartialObjectMetadata";

/** The first acceptable form in the client's order. */
export function presentationFor(resource: ServedResource, accept: string | undefined, query: URLSearchParams) {
  const shape = acceptableShape(accept ?? "application/json");
  if (shape === "plain") return plain(resource);
  if (shape === "PartialObjectMetadata") return partial(resource);
  const include = query.get("includeObject") ?? "Metadata";
  return table(resource, ["None", "Object"].includes(include) ? (include as IncludeObject) : "Metadata");
}

function acceptableShape(accept: string): Shape {
  const shape = accept
    .split(",")
    .map(shapeOf)
    .find((candidate) => candidate !== undefined);
  if (shape) return shape;
  throw new ApiError("NotAcceptable", "only the following media types are accepted: application/json", {});
}

const shapes = new Map<string, Shape>([
  ["Table", "Table"],
  ["PartialObjectMetadata", "PartialObjectMetadata"],
  ["PartialObjectMetadataList", "PartialObjectMetadata"],
]);

/** Undefined for what we cannot make, such as protobuf. */
function shapeOf(entry: string): Shape | undefined {
  const [type = "", ...parameters] = entry.split(";").map((part) => part.trim());
  if (!["application/json", "application/*", "*/*", ""].includes(type)) return undefined;
  const as = parameters.find((parameter) => parameter.startsWith("as="))?.slice(3);
  if (as === undefined) return "plain";
  return parameters.includes("g=meta.k8s.io") && parameters.includes("v=v1") ? shapes.get(as) : undefined;
}

const listText = (head: { kind: string; apiVersion: string }, metadata: ListMeta, items: string[]): string =>
  `${JSON.stringify({ ...head, metadata }).slice(0, -1)},"items":[${items.join(",")}]}`;

function plain(resource: ServedResource): Presentation {
  const { apiVersion, definition } = resource;
  const beginning = `{"apiVersion":${JSON.stringify(apiVersion)},`;
  // Stored text is sent as it is wherever the request is for the version it is stored in.
  const show = (version: Version): string =>
    apiVersion === resource.storedApiVersion && version.text.startsWith(beginning)
      ? version.text
      : JSON.stringify(resource.fromStored(version.object));
  return {
    key: `plain ${apiVersion}`,
    one: show,
    list: (versions, metadata) => {
      const items = versions.map(resource.builtIn ? (version) => withoutKind(show(version)) : show);
      return listText({ kind: definition.listKind, apiVersion }, metadata, items);
    },
  };
}

/** In lists of built-in kinds the list alone says what its items are, as in Kubernetes. */
function withoutKind(text: string): string {
  const [head] = /^\{"apiVersion":"[^"]*","kind":"[^"]*",/.exec(text) ?? [];
  if (head) return `{${text.slice(head.length)}`;
  const { apiVersion: _, kind: __, ...item } = JSON.parse(text) as KubernetesObject;
  return JSON.stringify(item);
}

function partial(resource: ServedResource): Presentation {
  const apiVersion = "meta.k8s.io/v1";
  const one = ({ object: { metadata } }: Version): string =>
    JSON.stringify({ kind: "PartialObjectMetadata", apiVersion, metadata });
  return {
    key: `partial ${resource.apiVersion}`,
    one,
    list: (versions, metadata) =>
      listText({ kind: "PartialObjectMetadataList", apiVersion }, metadata, versions.map(one)),
  };
}

function table(resource: ServedResource, include: IncludeObject): Presentation {
  const rows = (versions: Version[]) => versions.map(({ object }) => resource.fromStored(object));
  const shown = (version: Version, withColumns: boolean): string => {
    const { resourceVersion } = version.object.metadata;
    return JSON.stringify(
      tableOf(resource, { objects: rows([version]), include, withColumns, metadata: { resourceVersion } }),
    );
  };
  return {
    key: `table ${resource.apiVersion} ${include}`,
    one: (version) => shown(version, true),
    nextEvent: (version) => shown(version, false),
    list: (versions, metadata) =>
      JSON.stringify(tableOf(resource, { objects: rows(versions), include, withColumns: true, metadata })),
  };
}

/** One line of a watch stream. */
export function eventText({ type, version }: WatchEvent, presentation: Presentation, isFirst: boolean): string {
  const { key, one, nextEvent } = presentation;
  const encode = isFirst || !nextEvent ? one : nextEvent;
  const text = version.encoded(encode === one ? key : `${key} next`, () => encode(version));
  return `{"type":"${type}","object":${text}}\n`;
}
