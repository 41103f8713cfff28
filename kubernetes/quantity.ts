// Kubernetes quantities: "100m", "64Mi", "1e3". Source: k8s.io/apimachinery/pkg/api/resource.

const suffixes: Record<string, bigint> = {
  "": 1n,
  k: 1000n,
  M: 1000n ** 2n,
  G: 1000n ** 3n,
  T: 1000n ** 4n,
  P: 1000n ** 5n,
  E: 1000n ** 6n,
  Ki: 1024n,
  Mi: 1024n ** 2n,
  Gi: 1024n ** 3n,
  Ti: 1024n ** 4n,
  Pi: 1024n ** 5n,
  Ei: 1024n ** 6n,
};
const shape = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:([eE][+-]?\d+)|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/;
const fractions: Record<string, number> = { n: -9, u: -6, m: -3 };

/** In thousandths, rounded up. Throws on text that is no quantity. */
export function parseMilli(quantity: string): bigint {
  const match = shape.exec(quantity);
  if (!match)
    throw new Error(`quantity ${JSON.stringify(quantity)} is malformed: expected a number such as 100m or 64Mi`);
  const [, sign, whole = "", fraction = "", exponent = "", suffix = ""] = match;
  const power = (exponent ? Number(exponent.slice(1)) : (fractions[suffix] ?? 0)) + 3 - fraction.length;
  if (Math.abs(power) > 40) throw new Error(`quantity ${JSON.stringify(quantity)} is out of range`);
  const digits = BigInt(whole + fraction) * (suffixes[suffix] ?? 1n);
  const value = power >= 0 ? digits * 10n ** BigInt(power) : divideUp(digits, 10n ** BigInt(-power));
  return sign === "-" ? -value : value;
}

/** In whole units (bytes, devices), rounded up. */
export const parseQuantity = (quantity: string | number): number =>
  Number(divideUp(parseMilli(String(quantity)), 1000n));

const divideUp = (value: bigint, by: bigint): bigint => value / by + (value % by > 0n ? 1n : 0n);

/** The shortest binary form that is exact: 67108864 is "64Mi". */
export function formatBytes(bytes: number): string {
  const units = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];
  let value = bytes;
  let unit = 0;
  while (value !== 0 && value % 1024 === 0 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value}${units[unit]}`;
}

/** 100 is "100m", 2000 is "2". */
export const formatMilli = (milli: number): string => (milli % 1000 === 0 ? `${milli / 1000}` : `${milli}m`);
