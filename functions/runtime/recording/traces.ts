// Whether a sentence repeats a hidden text: an API server quotes the value that it refuses, in its own spelling.

/** Shorter lines are words that anybody may say. */
const shortest = 6;

/** Lines of the hidden texts, and of what base64 among them stands for. */
export function tracesOf(hidden: Iterable<unknown>): string[] {
  const texts = [...hidden].flatMap(textsIn);
  const lines = [...texts, ...texts.flatMap(decoded)].flatMap((text) => text.split(/[\r\n]+/));
  return [...new Set(lines.map(unquoted))].filter((line) => line.length >= shortest);
}

export function repeats(sentence: string, traces: readonly string[]): boolean {
  const plain = unquoted(sentence);
  return traces.some((trace) => plain.includes(trace));
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const decoded = (text: string): string[] =>
  /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text) ? [Buffer.from(text, "base64").toString("utf8")] : [];

/** Quoting puts backslashes before some characters. */
const unquoted = (text: string): string => text.replaceAll(/["'\\]/g, "").trim();
