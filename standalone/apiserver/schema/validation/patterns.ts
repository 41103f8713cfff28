// Patterns are written for Go's RE2. This compiles the syntax the two dialects share, translates what only RE2 has, and
// refuses what only JavaScript has, so that a schema accepted here is accepted by Kubernetes too.

const posixClasses: Record<string, string> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

/** The expression, or why there is none. */
export function compilePattern(pattern: string): RegExp | string {
  const foreign = onlyJavaScript(pattern);
  if (foreign) return `error parsing regexp: invalid or unsupported Perl syntax: \`${foreign}\``;
  const { source, flags } = translated(pattern);
  // Without the flag u wherever possible: V8's linear engine, to which it can fall back, does not know that flag.
  const needsUnicode = /\\p\{|\\u\{|[\u{10000}-\u{10FFFF}]/iu.test(source);
  return compile(source, needsUnicode ? `u${flags}` : flags) ?? `error parsing regexp: \`${pattern}\``;
}

function compile(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Look-around and back references cannot be matched in linear time, so RE2 has neither. */
function onlyJavaScript(pattern: string): string | undefined {
  const bare = pattern.replace(/\\\\/g, "").replace(/\\\(/g, "");
  return /\(\?<?[=!]|\\[1-9]|\\k</.exec(bare)?.[0];
}

function translated(pattern: string): { source: string; flags: string } {
  const leading = /^\(\?([ims]+)\)/.exec(pattern);
  const source = pattern
    .slice(leading?.[0].length ?? 0)
    .replace(/\[:(\w+):\]/g, (whole, name: string) => posixClasses[name] ?? whole)
    .replace(/\(\?P</g, "(?<")
    .replace(/\\([Az])/g, (_whole, anchor: string) => (anchor === "A" ? "^" : "$"))
    .replace(/\\p([A-Z])/g, "\\p{$1}");
  return { source, flags: leading?.[1] ?? "" };
}
