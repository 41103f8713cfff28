// The OpenAPI documents, made when they are first asked for and kept until what is served changes.

import { noSuchResource } from "../errors.ts";
import { type Call, json, type TextReply } from "../http/call.ts";
import type { Catalog } from "../machinery.ts";
import { openApiV2, openApiV2Protobuf, openApiV2ProtobufType, openApiV3, openApiV3Index } from "../schema/index.ts";
import { withoutStrategicPatch } from "./custom-patches.ts";

/** Per catalog, what was made of one of its generations. */
const made = new WeakMap<Catalog, { generation: number; documents: Map<string, TextReply> }>();

export function openApiDocument(catalog: Catalog, call: Call): TextReply {
  const wantsProtobuf = (call.headers.accept ?? "").includes("proto-openapi");
  return remembered(catalog, `${call.path} ${wantsProtobuf}`, () => makeDocument(catalog, call.path, wantsProtobuf));
}

function remembered(catalog: Catalog, key: string, make: () => TextReply): TextReply {
  const { generation } = catalog;
  const known = made.get(catalog);
  const current = known?.generation === generation ? known : { generation, documents: new Map<string, TextReply>() };
  made.set(catalog, current);
  const document = current.documents.get(key) ?? make();
  current.documents.set(key, document);
  return document;
}

function makeDocument(catalog: Catalog, path: string, wantsProtobuf: boolean): TextReply {
  const definitions = catalog.all().map(({ definition }) => definition);
  const customPaths = catalog
    .all()
    .filter(({ builtIn }) => !builtIn)
    .map(({ apiVersion }) => `/apis/${apiVersion}/`);
  if (path === "/openapi/v2") {
    const document = withoutStrategicPatch(openApiV2(definitions), customPaths);
    if (!wantsProtobuf) return json(document);
    return { code: 200, text: openApiV2Protobuf(document), contentType: openApiV2ProtobufType };
  }
  if (path === "/openapi/v3") return json(openApiV3Index(definitions));
  const [, group = "", version = ""] = /^\/openapi\/v3\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path) ?? [];
  if (!definitions.some((one) => one.group === group && one.version === version)) throw noSuchResource();
  return json(withoutStrategicPatch(openApiV3(definitions, group, version), customPaths));
}
