// The OpenAPI v3 documents: one per group-version, and their index.
import { createHash } from "node:crypto";
import type { ResourceDefinition } from "../../resource.ts";
import type { Schema } from "../schema.ts";
import { kindSchemas, scaleSchema } from "./kind-schemas.ts";
import { type DocumentSchema, metaSchemas, type Refer } from "./meta-schemas.ts";
import { groupVersionPath } from "./names.ts";
import { type Operation, operationsOf } from "./operations.ts";
import { type Parameter, patchTypes, pathParameters, queryParameters } from "./parameters.ts";

export interface OpenApiV3 {
  openapi: "3.0.0";
  info: { title: string; version: string };
  paths: Record<string, object>;
  components: { schemas: Record<string, DocumentSchema> };
}

export function openApiV3(definitions: ResourceDefinition[], group: string, version: string): OpenApiV3 {
  const own = definitions.filter((one) => one.group === group && one.version === version);
  const operations = own.flatMap(operationsOf);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "unversioned" },
    paths: Object.fromEntries(
      Object.entries(Object.groupBy(operations, ({ path }) => path)).map(([path, some = []]) => [
        path,
        pathItem(path, some),
      ]),
    ),
    components: {
      schemas: {
        ...metaSchemas(refer, [{ group, version }]),
        ...(own.some(({ subresources }) => subresources.scale) ? scaleSchema(refer) : {}),
        ...Object.assign({}, ...own.map((definition) => kindSchemas(definition, refer, asIs))),
      },
    },
  };
}

/** Where the document of each group-version is; the hash lets clients cache it for ever. */
export function openApiV3Index(definitions: ResourceDefinition[]): {
  paths: Record<string, { serverRelativeURL: string }>;
} {
  const groups = Object.groupBy(definitions, (definition) => groupVersionPath(definition));
  const paths = Object.entries(groups).map(([path, own = []]): [string, { serverRelativeURL: string }] => {
    const hash = createHash("sha256").update(JSON.stringify(own)).digest("hex").toUpperCase();
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }];
  });
  return { paths: Object.fromEntries(paths) };
}

const location = (name: string): DocumentSchema => ({ $ref: `#/components/schemas/${name}` });

/** In version 3.0 nothing may stand beside a reference, so a description needs allOf around it. */
const refer: Refer = (name, description) =>
  description === undefined ? location(name) : { description, default: {}, allOf: [location(name)] };

/** A structural schema is OpenAPI v3 already. */
const asIs = (schema: Schema): DocumentSchema => schema as DocumentSchema;

const pathItem = (path: string, operations: Operation[]): object => ({
  ...Object.fromEntries(operations.map((operation) => [operation.method, operationObject(operation)])),
  parameters: pathParameters(path).map(parameter),
});

function operationObject({ id, description, action, kind, body, answer, path }: Operation): object {
  return {
    tags: [tag(path)],
    description,
    operationId: id,
    parameters: queryParameters(action).map(parameter),
    ...(body ? { requestBody: { content: content(action === "patch" ? patchTypes : ["*/*"], body) } } : {}),
    responses: {
      "200": { description: "OK", content: content(["application/json", "application/yaml"], answer) },
      "401": { description: "Unauthorized" },
    },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": kind,
  };
}

/** `core_v1`, `kubevirtIo_v1`. */
function tag(path: string): string {
  const [root, ...rest] = path.slice(1).split("/");
  return root === "api" ? `core_${rest[0]}` : `${rest[0]}_${rest[1]}`;
}

const content = (types: string[], name: string): object =>
  Object.fromEntries(types.map((type) => [type, { schema: location(name) }]));

const parameter = ({ type, ...rest }: Parameter): object => ({ ...rest, schema: { type, uniqueItems: true } });
