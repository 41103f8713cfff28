// The verbs of CEL's string.format: %s %d %f %e %b %o %x %X %%.

const verb = /%(?:\.(\d{1,3}))?([sdfeboxX%])/g;

export function formatted(template: string, args: unknown[]): string {
  const left = [...args];
  const text = template.replace(verb, (_whole, precision: string | undefined, letter: string) => {
    if (letter === "%") return "%";
    if (left.length === 0) throw new Error(`format: index ${args.length} out of range`);
    return verbs[letter]?.(left.shift(), precision === undefined ? 6 : Number(precision)) ?? "";
  });
  if (text.length > 1_000_000) throw new Error("format: result is too long");
  return text;
}

const verbs: Record<string, (value: unknown, precision: number) => string> = {
  s: text,
  d: (value) => integer(value).toString(),
  f: (value, precision) => Number(value).toFixed(Math.min(precision, 100)),
  e: (value, precision) =>
    Number(value)
      .toExponential(Math.min(precision, 100))
      .replace(/e([+-])(\d)$/, "e$10$2"),
  b: (value) => (typeof value === "boolean" ? String(Number(value)) : integer(value).toString(2)),
  o: (value) => integer(value).toString(8),
  x: hexadecimal,
  X: (value) => hexadecimal(value).toUpperCase(),
};

function integer(value: unknown): bigint {
  if (typeof value === "bigint") return value;
  throw new Error("format: an integer clause can only be used on integers");
}

function hexadecimal(value: unknown): string {
  if (typeof value === "string") return Buffer.from(value).toString("hex");
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : integer(value).toString(16);
}

function text(value: unknown): string {
  if (Array.isArray(value) || value instanceof Set) return `[${[...value].map(item).join(", ")}]`;
  if (value instanceof Map) return `{${[...value].map(([key, field]) => `${item(key)}:${item(field)}`).join(", ")}}`;
  if (value instanceof Date) return value.toISOString().replace(".000Z", "Z");
  return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);
}

/** Within a list or a map strings are quoted. */
const item = (value: unknown): string => (typeof value === "string" ? JSON.stringify(value) : text(value));
