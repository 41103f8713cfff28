// What no two servers answer alike, by names that they must answer alike: uids, versions and generated names in the order
// in which they appear, times by how far they are from now.

export interface Symbols {
  uid(value: string): string;
  version(value: string): string;
  name(value: string): string;
}

export function symbols(): Symbols {
  const generated = numbered("name");
  const versions = numbered("rv");
  return {
    uid: numbered("uid"),
    version: (value) => (/^\d+$/.test(value) ? versions(value) : value),
    name: (value) => value.replace(/(?<=\bgen-\d{4}-)[a-z0-9]{5}\b/g, (suffix) => generated(suffix)),
  };
}

function numbered(kind: string): (value: string) => string {
  const known = new Map<string, string>();
  return (value) => {
    const symbol = known.get(value) ?? `<${kind}${known.size + 1}>`;
    known.set(value, symbol);
    return symbol;
  };
}

const nearMs = 25_000;

/** Our own times are of the past; a server's is now, or a grace period later. */
export function timeSymbol(text: string, now: number): string {
  const offset = Date.parse(text) - now;
  if (Math.abs(offset) < nearMs) return "<now>";
  if (offset < 0 || offset > 3_600_000) return text;
  return `<now + ${Math.round(offset / 30_000) * 30} s>`;
}
