// The string functions of Kubernetes' CEL that the interpreter does not bring along, and its regex library.
import { compilePattern } from "../validation/patterns.ts";
import { formatted } from "./format-string.ts";
import type { CelLibrary, CelList } from "./library.ts";

class Strings {}

export const strings: CelLibrary = {
  types: { "kubernetes.Strings": Strings },
  constants: { strings: { type: "kubernetes.Strings", value: new Strings() } },
  functions: {
    "string.charAt(int): string": charAt,
    "string.replace(string, string): string": (text: string, from: string, to: string) => text.split(from).join(to),
    "string.replace(string, string, int): string": replaceSome,
    "string.reverse(): string": (text: string) => [...text].reverse().join(""),
    "string.format(list): string": (text: string, args: CelList) => formatted(text, [...args]),
    "kubernetes.Strings.quote(string): string": (_strings: Strings, text: string) => JSON.stringify(text),
    // The interpreter's own `matches` reads JavaScript's dialect; syntax-tree.ts sends calls of it here.
    "string.matchesRe2(string): bool": matches,
    "matches(string, string): bool": matches,
    "string.find(string): string": (text: string, pattern: string) => expression(pattern).exec(text)?.[0] ?? "",
    "string.findAll(string): list<string>": (text: string, pattern: string) => findAll(text, pattern),
    "string.findAll(string, int): list<string>": (text: string, pattern: string, limit: bigint) =>
      limit < 0n ? findAll(text, pattern) : findAll(text, pattern).slice(0, Number(limit)),
  },
};

function charAt(text: string, index: bigint): string {
  const characters = [...text];
  if (index < 0n || index > BigInt(characters.length)) throw new Error(`index out of range: ${index}`);
  return characters[Number(index)] ?? "";
}

function replaceSome(...[text, from, to, limit]: [string, string, string, bigint]): string {
  const parts = text.split(from);
  if (limit < 0n || BigInt(parts.length) <= limit) return parts.join(to);
  const head = parts.slice(0, Number(limit) + 1);
  return [head.join(to), ...parts.slice(Number(limit) + 1)].join(from);
}

function expression(pattern: string): RegExp {
  const compiled = compilePattern(pattern);
  if (typeof compiled === "string") throw new Error(compiled);
  return compiled;
}

function matches(text: string, pattern: string): boolean {
  return expression(pattern).test(text);
}

function findAll(text: string, pattern: string): string[] {
  const { source, flags } = expression(pattern);
  return [...text.matchAll(new RegExp(source, `${flags}g`))].map(([match]) => match);
}
