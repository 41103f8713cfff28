// Typed parameters: libvirt's named values. The daemon demands the exact type for each name, so the kinds are kept here.
import { type Reader, type Writer, XdrError } from "./octets.ts";
import { type Codec, double, int32, int64, string, struct, uint32, uint64 } from "./xdr.ts";

export type TypedValue =
  | { type: "int" | "uint" | "double"; value: number }
  | { type: "llong" | "ullong"; value: bigint }
  | { type: "boolean"; value: boolean }
  | { type: "string"; value: string };
type Kind = TypedValue["type"];
type ValueOf<K extends Kind> = Extract<TypedValue, { type: K }> extends { value: infer V } ? V : never;

const boolean: Codec<boolean> = {
  kind: "i32",
  write: (output, value) => int32.write(output, value ? 1 : 0),
  read: (input) => int32.read(input) !== 0,
};

/** In the order of the numbers that stand for them on the wire, from 1. */
const codecs: { [K in Kind]: Codec<ValueOf<K>> } = {
  int: int32,
  uint: uint32,
  llong: int64,
  ullong: uint64,
  double,
  boolean,
  string,
};
const kinds = Object.keys(codecs) as Kind[];

export const typedValue: Codec<TypedValue> = {
  kind: `<${Object.values(codecs)
    .map(({ kind }) => kind)
    .join("|")}>`,
  write(output: Writer, { type, value }: TypedValue) {
    int32.write(output, kinds.indexOf(type) + 1);
    (codecs[type] as Codec<typeof value>).write(output, value);
  },
  read(input: Reader) {
    const number = int32.read(input);
    const type = kinds[number - 1];
    if (!type) throw new XdrError(`typed parameter has type ${number}, expected 1 to ${kinds.length}`);
    return { type, value: codecs[type].read(input) } as TypedValue;
  },
};

export const typedParam = struct({ field: string, value: typedValue });
export type TypedParam = ReturnType<(typeof typedParam)["read"]>;

/** Every parameter that we send, with the kind the daemon wants it in. */
const sent = {
  migration: {
    migrate_uri: "string",
    destination_name: "string",
    destination_xml: "string",
    persistent_xml: "string",
    bandwidth: "ullong",
    "bandwidth.postcopy": "ullong",
    graphics_uri: "string",
    listen_address: "string",
    migrate_disks: "string",
    disks_port: "int",
    disks_uri: "string",
    compression: "string",
    "auto_converge.initial": "int",
    "auto_converge.increment": "int",
    "parallel.connections": "int",
    "tls.destination": "string",
  },
  save: { file: "string", dxml: "string" },
  blockCopy: { bandwidth: "ullong", granularity: "uint", "buf-size": "ullong" },
  blockIoTune: {
    total_bytes_sec: "ullong",
    read_bytes_sec: "ullong",
    write_bytes_sec: "ullong",
    total_iops_sec: "ullong",
    read_iops_sec: "ullong",
    write_iops_sec: "ullong",
    total_bytes_sec_max: "ullong",
    read_bytes_sec_max: "ullong",
    write_bytes_sec_max: "ullong",
    total_iops_sec_max: "ullong",
    read_iops_sec_max: "ullong",
    write_iops_sec_max: "ullong",
    size_iops_sec: "ullong",
    group_name: "string",
  },
  launchSecurity: { "sev-secret-header": "string", "sev-secret": "string", "sev-secret-set-address": "ullong" },
} as const satisfies Record<string, Record<string, Kind>>;

export type ParamSet = keyof typeof sent;
export type ParamValues<S extends ParamSet> = {
  [Name in keyof (typeof sent)[S]]?: (typeof sent)[S][Name] extends infer K extends Kind
    ? ValueOf<K> | ValueOf<K>[] | undefined
    : never;
};

/** Named values as the daemon wants them. A list sends its parameter several times, undefined sends nothing. */
export function typedParams<S extends ParamSet>(set: S, values: ParamValues<S>): TypedParam[] {
  const table: Record<string, Kind> = sent[set];
  return Object.entries(values).flatMap(([field, value]) => {
    const type = table[field];
    if (!type)
      throw new XdrError(`${set} has no parameter ${field}, expected one of ${Object.keys(table).join(", ")}`);
    const items: unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
    return items.map((item) => ({ field, value: { type, value: item } as TypedValue }));
  });
}

/** What came back, by name. Numbers beyond 2^53 lose precision: counters and sizes may, identifiers are not sent so. */
export function plainValues(params: readonly TypedParam[]): Record<string, number | boolean | string> {
  return Object.fromEntries(
    params.map(({ field, value: { value } }) => [field, typeof value === "bigint" ? Number(value) : value]),
  );
}
