// The OpenAPI v2 (swagger) document of the whole server, for clients that do not know version 3: kubectl before 1.27.
import type { ResourceDefinition } from "../../resource.ts";
import { kindSchemas, scaleSchema } from "./kind-schemas.ts";
import { type DocumentSchema, metaSchemas, type Refer } from "./meta-schemas.ts";
import { groupVersionPath } from "./names.ts";
import { type Operation, operationsOf } from "./operations.ts";
import { type Parameter, patchTypes, pathParameters, queryParameters } from "./parameters.ts";
import { swaggerSchema } from "./v2-schema.ts";

export interface OpenApiV2Parameter {
  name: string;
  in: "query" | "path" | "body";
  description?: string;
  type?: string;
  required?: boolean;
  uniqueItems?: boolean;
  schema?: DocumentSchema;
}

export interface OpenApiV2Operation {
  description: string;
  operationId: string;
  consumes: string[];
  produces: string[];
  parameters: OpenApiV2Parameter[];
  responses: Record<string, { description: string; schema?: DocumentSchema }>;
  "x-kubernetes-action": string;
  "x-kubernetes-group-version-kind": object;
}

export interface OpenApiV2 {
  swagger: "2.0";
  info: { title: string; version: string };
  paths: Record<string, Record<string, OpenApiV2Operation | OpenApiV2Parameter[]>>;
  definitions: Record<string, DocumentSchema>;
}

export function openApiV2(definitions: ResourceDefinition[]): OpenApiV2 {
  const operations = Object.groupBy(definitions.flatMap(operationsOf), ({ path }) => path);
  const groupVersions = new Map(
    definitions.map(({ group, version }) => [groupVersionPath({ group, version }), { group, version }]),
  );
  const shared = { ...metaSchemas(refer, [...groupVersions.values()]), ...scaleSchema(refer) };
  return {
    swagger: "2.0",
    info: { title: "Kubernetes", version: "unversioned" },
    paths: Object.fromEntries(
      Object.entries(operations).map(([path, some = []]) => [
        path,
        {
          ...Object.fromEntries(some.map((operation) => [operation.method, operationObject(operation)])),
          parameters: pathParameters(path).map(parameter),
        },
      ]),
    ),
    definitions: {
      ...Object.fromEntries(Object.entries(shared).map(([name, schema]) => [name, swaggerSchema(schema)])),
      ...Object.assign(
        {},
        ...definitions.map((one) => kindSchemas(one, refer, (schema) => swaggerSchema(schema as DocumentSchema))),
      ),
    },
  };
}

const refer: Refer = (name, description) => ({
  $ref: `#/definitions/${name}`,
  ...(description === undefined ? {} : { description }),
});

function operationObject({ id, description, action, kind, body, answer }: Operation): OpenApiV2Operation {
  const bodyParameter: OpenApiV2Parameter[] = body
    ? [
        {
          name: "body",
          in: "body",
          required: action !== "delete" && action !== "deletecollection",
          schema: refer(body),
        },
      ]
    : [];
  return {
    description,
    operationId: id,
    consumes: action === "patch" ? patchTypes : ["*/*"],
    produces: ["application/json", "application/yaml"],
    parameters: [...bodyParameter, ...queryParameters(action).map(parameter)],
    responses: { "200": { description: "OK", schema: refer(answer) }, "401": { description: "Unauthorized" } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": kind,
  };
}

const parameter = (given: Parameter): OpenApiV2Parameter => ({ ...given, uniqueItems: true });
