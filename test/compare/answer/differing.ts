// Where two values differ: the paths at which one would have to be changed to become the other.
import type { Json } from "../server/server.ts";

export interface Differing {
  /** As `items[0].metadata.name`; empty for the whole. */
  path: string;
  embedded: Json;
  real: Json;
}

export function differing(embedded: Json, real: Json, path = ""): Differing[] {
  if (embedded === real) return [];
  if (Array.isArray(embedded) && Array.isArray(real)) {
    if (embedded.length !== real.length) return [{ path, embedded, real }];
    return embedded.flatMap((item, index) => differing(item, real[index], `${path}[${index}]`));
  }
  if (!isRecord(embedded) || !isRecord(real)) return [{ path, embedded, real }];
  return [...new Set([...Object.keys(embedded), ...Object.keys(real)])].flatMap((name) =>
    differing(embedded[name], real[name], path ? `${path}.${name}` : name),
  );
}

const isRecord = (value: Json): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
