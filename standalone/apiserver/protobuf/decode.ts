// Reads the protobuf form of an object: the envelope of Kubernetes, and in it one of the messages that we know.
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { type FieldType, type Message, messages } from "./messages.ts";

export const protobufType = "application/vnd.kubernetes.protobuf";

/** Every body begins with it. */
const magic = Buffer.from("k8s\0");

type Plain = Record<string, unknown>;

const typeMeta: Message = () => ({ 1: { name: "apiVersion", type: "text" }, 2: { name: "kind", type: "text" } });

const envelope: Message = () => ({ 1: { name: "typeMeta", type: typeMeta }, 2: { name: "raw", type: "base64" } });

const entry =
  (value: FieldType): Message =>
  () => ({
    1: { name: "key", type: "text" },
    2: { name: "value", type: value },
  });

/** Undefined for a kind that we read in JSON only. Throws on what is no such body. */
export function decodeProtobuf(body: Buffer): Plain | undefined {
  if (!body.subarray(0, magic.length).equals(magic))
    throw new Error("it does not begin as Kubernetes' protobuf does");
  const { typeMeta: type, raw } = read(body.subarray(magic.length), envelope);
  const { apiVersion, kind } = type as Plain;
  const message =
    messages[`${apiVersion} ${kind}`] ?? (kind === "DeleteOptions" ? messages["v1 DeleteOptions"] : undefined);
  return message && { apiVersion, kind, ...read(Buffer.from(String(raw ?? ""), "base64"), message) };
}

function read(bytes: Uint8Array, message: Message): Plain {
  const reader = new BinaryReader(bytes);
  const fields = message();
  const result: Plain = {};
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const field = fields[number];
    if (!field) reader.skip(wireType);
    else add(result, field, fieldValue(reader, field.type));
  }
  return result;
}

/** Go writes every field, also those that were never set: empty text is left out. */
function add(
  result: Plain,
  { name, type, isList }: { name: string; type: FieldType; isList?: boolean },
  value: unknown,
) {
  if (isList) result[name] = [...((result[name] as unknown[] | undefined) ?? []), value];
  else if (type === "texts" || type === "base64s") result[name] = { ...(result[name] as Plain), ...(value as Plain) };
  else if (value !== "") result[name] = value;
}

function fieldValue(reader: BinaryReader, type: FieldType): unknown {
  if (typeof type === "function") return read(reader.bytes(), type);
  return scalars[type](reader);
}

const scalars: Record<Exclude<FieldType, Message>, (reader: BinaryReader) => unknown> = {
  text: (reader) => reader.string(),
  base64: (reader) => Buffer.from(reader.bytes()).toString("base64"),
  flag: (reader) => reader.bool(),
  integer: (reader) => Number(reader.int64()),
  texts: (reader) => pair(reader, "text"),
  base64s: (reader) => pair(reader, "base64"),
};

function pair(reader: BinaryReader, type: FieldType): Plain {
  const { key = "", value = "" } = read(reader.bytes(), entry(type));
  return { [String(key)]: value };
}
