// The quantity library of Kubernetes' CEL: https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-quantity-library
import type { CelLibrary } from "./library.ts";

const nano = 1_000_000_000n;

const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
/** Powers of ten. */
const decimalSuffixes: Record<string, number> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

const syntax = /^([+-]?)(\d+\.?\d*|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d{1,2}|)$/;

/** An amount in billionths, the finest that Kubernetes keeps. */
class Quantity {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** Undefined when malformed. */
function parseQuantity(text: string): Quantity | undefined {
  const [, sign, digits, suffix] = text.length > 64 ? [] : (syntax.exec(text) ?? []);
  if (digits === undefined || suffix === undefined) return undefined;
  const [integer = "", fraction = ""] = digits.split(".");
  const scaled = BigInt(integer + fraction) * nano * multiplier(suffix);
  const nanos = roundedUp(scaled, 10n ** BigInt(fraction.length) * divisor(suffix));
  return new Quantity(sign === "-" ? -nanos : nanos);
}

function exponent(suffix: string): number {
  return /^[eE]./.test(suffix) ? Number(suffix.slice(1)) : (decimalSuffixes[suffix] ?? 0);
}

function multiplier(suffix: string): bigint {
  if (suffix.endsWith("i")) return 1024n ** BigInt(binarySuffixes.indexOf(suffix));
  return 10n ** BigInt(Math.max(exponent(suffix), 0));
}

const divisor = (suffix: string): bigint =>
  suffix.endsWith("i") ? 1n : 10n ** BigInt(Math.max(-exponent(suffix), 0));

const roundedUp = (amount: bigint, by: bigint): bigint => (amount + by - 1n) / by;

function quantityOf(text: string): Quantity {
  const quantity = parseQuantity(text);
  if (!quantity)
    throw new Error(`quantity ${JSON.stringify(text)} is malformed: it must be a number with an optional suffix`);
  return quantity;
}

function integerOf({ nanos }: Quantity): bigint {
  if (!isInteger({ nanos })) throw new Error("cannot convert value to integer");
  return nanos / nano;
}

const isInteger = ({ nanos }: { nanos: bigint }): boolean =>
  nanos % nano === 0n && BigInt.asIntN(64, nanos / nano) === nanos / nano;

const compare = (a: Quantity, b: Quantity): bigint => (a.nanos === b.nanos ? 0n : a.nanos < b.nanos ? -1n : 1n);

export const quantities: CelLibrary = {
  types: { "kubernetes.Quantity": Quantity },
  operators: {
    "kubernetes.Quantity == kubernetes.Quantity": (a: Quantity, b: Quantity) => a.nanos === b.nanos,
  },
  functions: {
    "quantity(string): kubernetes.Quantity": quantityOf,
    "isQuantity(string): bool": (text: string) => parseQuantity(text) !== undefined,
    "kubernetes.Quantity.isInteger(): bool": isInteger,
    "kubernetes.Quantity.asInteger(): int": integerOf,
    "kubernetes.Quantity.asApproximateFloat(): double": (a: Quantity) => Number(a.nanos) / Number(nano),
    "kubernetes.Quantity.sign(): int": (a: Quantity) => compare(a, new Quantity(0n)),
    "kubernetes.Quantity.isLessThan(kubernetes.Quantity): bool": (a: Quantity, b: Quantity) => a.nanos < b.nanos,
    "kubernetes.Quantity.isGreaterThan(kubernetes.Quantity): bool": (a: Quantity, b: Quantity) => a.nanos > b.nanos,
    "kubernetes.Quantity.compareTo(kubernetes.Quantity): int": compare,
    "kubernetes.Quantity.add(kubernetes.Quantity): kubernetes.Quantity": (a: Quantity, b: Quantity) =>
      new Quantity(a.nanos + b.nanos),
    "kubernetes.Quantity.add(int): kubernetes.Quantity": (a: Quantity, b: bigint) => new Quantity(a.nanos + b * nano),
    "kubernetes.Quantity.sub(kubernetes.Quantity): kubernetes.Quantity": (a: Quantity, b: Quantity) =>
      new Quantity(a.nanos - b.nanos),
    "kubernetes.Quantity.sub(int): kubernetes.Quantity": (a: Quantity, b: bigint) => new Quantity(a.nanos - b * nano),
  },
};
