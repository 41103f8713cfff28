// Durations in Go's notation, such as 1h30m.

const units: Record<string, bigint> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const whole = /^([-+]?)((?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/;

/** Undefined when malformed. */
export function parseDurationNanoseconds(text: string): bigint | undefined {
  if (/^[-+]?0$/.test(text)) return 0n;
  const sign = whole.exec(text)?.[1];
  if (sign === undefined) return undefined;
  const parts = text.matchAll(/(\d*)\.?(\d*)(ns|us|µs|ms|s|m|h)/g);
  const total = [...parts].reduce((sum, [, integer = "", fraction = "", unit = ""]) => {
    const size = units[unit] ?? 0n;
    return sum + BigInt(integer || 0) * size + (BigInt(fraction || 0) * size) / 10n ** BigInt(fraction.length);
  }, 0n);
  return sign === "-" ? -total : total;
}
