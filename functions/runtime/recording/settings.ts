// Whether decisions are recorded, and where: RECORD is log, or the absolute path of a file.

type Environment = Readonly<Record<string, string | undefined>>;

export type RecordSettings = { to: "log" } | { to: "file"; path: string; limitBytes: number };

const usualMib = 64;

/** Undefined: nothing is recorded. */
export function recordSettingsOf({ RECORD: to, RECORD_MIB: mib }: Environment): RecordSettings | undefined {
  if (!to) return undefined;
  if (to === "log") return { to };
  if (!to.startsWith("/"))
    throw new Error(`RECORD is ${JSON.stringify(to)}: expected log, or the absolute path of a file`);
  return { to: "file", path: to, limitBytes: mebibytes(mib) * 2 ** 20 };
}

function mebibytes(given: string | undefined): number {
  if (!given) return usualMib;
  if (/^[1-9]\d{0,5}$/.test(given)) return Number(given);
  throw new Error(`RECORD_MIB is ${JSON.stringify(given)}: expected a whole number from 1`);
}
