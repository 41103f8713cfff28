// Reads libvirt's protocol files (remote_protocol.x, qemu_protocol.x) as far as they say what is on the wire.

export interface Protocol {
  /** Procedure and message names, as in domain_get_state, to their numbers. */
  numbers: Map<string, number>;
  /** Which of them open a stream, and in which direction. */
  streams: Map<string, string>;
  structs: Map<string, Field[]>;
  unions: Map<string, Field[]>;
  enums: Set<string>;
  typedefs: Map<string, Field>;
}

interface Field {
  type: string;
  name: string;
  pointer: boolean;
  /** "<MAX>" or "[SIZE]". */
  size: string;
}

const scalars: Record<string, string> = {
  int: "i32",
  "unsigned int": "u32",
  hyper: "i64",
  "unsigned hyper": "u64",
  double: "double",
  char: "char",
  "unsigned char": "uchar",
  short: "short",
  "unsigned short": "ushort",
};
/** From C headers that the protocol files include. */
const constants: Record<string, string> = { VIR_UUID_BUFLEN: "16" };

export function parseProtocol(...texts: string[]): Protocol {
  const text = texts.join("\n");
  const bare = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^%.*$/gm, "");
  const blocks = (keyword: string): [string, string][] =>
    [...bare.matchAll(new RegExp(`\\b${keyword} (\\w+)[^{;]*\\{([\\s\\S]*?)\\};`, "g"))].map(
      ([, name = "", body = ""]) => [name, body],
    );
  const typedefs = [...bare.matchAll(/\btypedef ([^;]+);/g)].map(([, declaration = ""]) => field(declaration));
  return {
    numbers: new Map(procedures(bare).map(({ name, number }) => [name, number])),
    streams: streams(text),
    structs: new Map(blocks("struct").map(([name, body]) => [name, fields(body)])),
    unions: new Map(blocks("union").map(([name, body]) => [name, fields(body.replace(/case \w+:/g, ""))])),
    enums: new Set(blocks("enum").map(([name]) => name)),
    typedefs: new Map(typedefs.map((typedef) => [typedef.name, typedef])),
  };
}

/** The wire form of a structure's fields; empty when there is no such structure. */
export function describeStruct(protocol: Protocol, name: string): string {
  return (protocol.structs.get(name) ?? []).map((item) => `${item.name}:${kindOf(protocol, item)}`).join(" ");
}

const procedures = (bare: string): { name: string; number: number }[] =>
  [...bare.matchAll(/\b(?:REMOTE|QEMU)_PROC_(\w+) = (\d+)/g)].map(([, name = "", number]) => ({
    name: name.toLowerCase(),
    number: Number(number),
  }));

function streams(text: string): Map<string, string> {
  const annotated = text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:REMOTE|QEMU)_PROC_(\w+) = /g);
  const found = [...annotated].map(([, comment = "", name = ""]) => {
    const direction = /@(read|write)stream/.exec(comment)?.[1];
    return [name.toLowerCase(), direction ?? ""] as const;
  });
  return new Map(found.filter(([, direction]) => direction));
}

const fields = (body: string): Field[] =>
  body
    .split(";")
    .map((declaration) => declaration.trim())
    .filter(Boolean)
    .map(field);

function field(declaration: string): Field {
  const match = /^((?:unsigned )?\w+)\s+(\*?)(\w+)(<\w*>|\[\w+\])?$/.exec(declaration.trim());
  if (!match) throw new Error(`declaration is not understood: ${declaration}`);
  const [, type = "", star, name = "", size = ""] = match;
  return { type, name, pointer: star === "*", size };
}

function kindOf(protocol: Protocol, { type, pointer, size }: Field): string {
  const length = size.startsWith("[") ? size.slice(1, -1) : "";
  const fixed = length && `[${constants[length] ?? length}]`;
  if (type === "string") return "str";
  if (type === "opaque") return fixed ? `opaque${fixed}` : "bytes";
  return `${typeKind(protocol, type)}${fixed || (size && "[]")}${pointer ? "?" : ""}`;
}

function typeKind(protocol: Protocol, type: string): string {
  const scalar = scalars[type];
  if (scalar) return scalar;
  const typedef = protocol.typedefs.get(type);
  if (typedef) return kindOf(protocol, typedef);
  if (protocol.structs.has(type)) return `{${describeStruct(protocol, type)}}`;
  const union = protocol.unions.get(type);
  if (union) return `<${union.map((item) => kindOf(protocol, item)).join("|")}>`;
  if (protocol.enums.has(type)) return "i32";
  throw new Error(`type is not declared: ${type}`);
}
