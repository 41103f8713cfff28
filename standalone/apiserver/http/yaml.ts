// YAML in request bodies, read in a time that grows with their size and no faster.
import { isScalar, type Pair, parseDocument, visit } from "yaml";

/** More aliases than any manifest has: a few nested ones can stand for gigabytes. */
const maxAliasCount = 100;

/** Throws naming the line of what is wrong. */
export function parseYaml(text: string): unknown {
  const json = asJson(text);
  if (json !== undefined) return json;
  // The parser's own check of unique keys compares each with each: hours for 3 MB of them.
  const document = parseDocument(text, { uniqueKeys: false });
  const [problem] = document.errors;
  if (problem) throw problem;
  visit(document, { Map: (_, { items }) => requireUnique(items) });
  return document.toJS({ maxAliasCount });
}

/** Clients send JSON as YAML, which it is; it is read a hundred times faster so. */
function asJson(text: string): unknown {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // YAML has its own braces
  }
}

function requireUnique(items: Pair[]): void {
  const seen = new Set<unknown>();
  for (const { key } of items) {
    const name = isScalar(key) ? key.value : key;
    if (seen.has(name)) throw new Error(`key ${JSON.stringify(name)} is there twice`);
    seen.add(name);
  }
}
