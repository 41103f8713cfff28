// The OpenAPI v2 document as the protobuf message openapi.v2.Document of gnostic, the only form in which kubectl reads
// it. https://github.com/google/gnostic-models/blob/main/openapiv2/OpenAPIv2.proto
// Carried over is what kubectl looks at: the definitions whole, and of each path the kinds and query parameters.
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { DocumentSchema } from "./meta-schemas.ts";
import type { OpenApiV2, OpenApiV2Operation, OpenApiV2Parameter } from "./v2.ts";

/** Media type of the answer: the one with an @ is not valid, and clients refuse an answer that has it. */
export const openApiV2ProtobufType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

type Write = (writer: BinaryWriter) => void;

export function openApiV2Protobuf({ swagger, info, paths, definitions }: OpenApiV2): Uint8Array {
  const writer = new BinaryWriter();
  text(1, swagger)(writer);
  message(2, [text(1, info.title), text(2, info.version)])(writer);
  message(
    8,
    Object.entries(paths).map(([path, item]) => message(2, [text(1, path), message(2, pathItem(item))])),
  )(writer);
  message(9, namedSchemas(definitions))(writer);
  return writer.finish();
}

function message(field: number, parts: Write[]): Write {
  return (writer) => {
    writer.tag(field, WireType.LengthDelimited).fork();
    for (const write of parts) write(writer);
    writer.join();
  };
}

const text =
  (field: number, value: string): Write =>
  (writer) =>
    writer.tag(field, WireType.LengthDelimited).string(value);

const flag =
  (field: number, value: boolean): Write =>
  (writer) =>
    writer.tag(field, WireType.Varint).bool(value);

const integer =
  (field: number, value: number): Write =>
  (writer) =>
    writer.tag(field, WireType.Varint).int64(value);

const double =
  (field: number, value: number): Write =>
  (writer) =>
    writer.tag(field, WireType.Bit64).double(value);

/** Any value travels as YAML, of which JSON is a part. */
const any = (field: number, value: unknown): Write => message(field, [text(2, JSON.stringify(value))]);

const named = (field: number, name: string, value: unknown): Write => message(field, [text(1, name), any(2, value)]);

const namedSchemas = (schemas: Record<string, DocumentSchema>): Write[] =>
  Object.entries(schemas).map(([name, schema]) => message(1, [text(1, name), message(2, schemaParts(schema))]));

type Keyword = keyof DocumentSchema;

const keywords: Partial<Record<Keyword, (value: never) => Write>> = {
  $ref: (value: string) => text(1, value),
  format: (value: string) => text(2, value),
  title: (value: string) => text(3, value),
  description: (value: string) => text(4, value),
  multipleOf: (value: number) => double(6, value),
  maximum: (value: number) => double(7, value),
  exclusiveMaximum: (value: boolean) => flag(8, value),
  minimum: (value: number) => double(9, value),
  exclusiveMinimum: (value: boolean) => flag(10, value),
  maxLength: (value: number) => integer(11, value),
  minLength: (value: number) => integer(12, value),
  pattern: (value: string) => text(13, value),
  maxItems: (value: number) => integer(14, value),
  minItems: (value: number) => integer(15, value),
  uniqueItems: (value: boolean) => flag(16, value),
  maxProperties: (value: number) => integer(17, value),
  minProperties: (value: number) => integer(18, value),
  required: (value: string[]) => all(value.map((name) => text(19, name))),
  enum: (value: unknown[]) => all(value.map((one) => any(20, one))),
  additionalProperties: (value: DocumentSchema) => message(21, [message(1, schemaParts(value))]),
  type: (value: string) => message(22, [text(1, value)]),
  items: (value: DocumentSchema) => message(23, [message(1, schemaParts(value))]),
  properties: (value: Record<string, DocumentSchema>) => message(25, namedSchemas(value)),
};

const all =
  (parts: Write[]): Write =>
  (writer) => {
    for (const write of parts) write(writer);
  };

function schemaParts(schema: DocumentSchema): Write[] {
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const known = keywords[keyword as Keyword];
    if (known) return [known(value as never)];
    return keyword.startsWith("x-") ? [named(31, keyword, value)] : [];
  });
}

const operationFields: Record<string, number> = { get: 2, put: 3, post: 4, delete: 5, patch: 8 };

function pathItem(item: OpenApiV2["paths"][string]): Write[] {
  return Object.entries(item).map(([name, value]) =>
    Array.isArray(value) ? all(queryParameters(9, value)) : message(operationFields[name] ?? 2, operation(value)),
  );
}

function operation({ description, operationId, parameters, ...rest }: OpenApiV2Operation): Write[] {
  const extensions = ["x-kubernetes-action", "x-kubernetes-group-version-kind"] as const;
  return [
    text(3, description),
    text(5, operationId),
    ...queryParameters(8, parameters),
    message(9, []),
    ...extensions.map((name) => named(13, name, rest[name])),
  ];
}

/** ParametersItem, Parameter, NonBodyParameter, QueryParameterSubSchema: a box in a box in a box. */
function queryParameters(field: number, parameters: OpenApiV2Parameter[]): Write[] {
  return parameters
    .filter((parameter) => parameter.in === "query")
    .map(({ name, description = "", type = "string" }) => {
      const parts = [text(2, "query"), text(3, description), text(4, name), text(6, type)];
      return message(field, [message(1, [message(2, [message(3, parts)])])]);
    });
}
