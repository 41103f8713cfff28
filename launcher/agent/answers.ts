// What an agent answers is a stranger's word: only what has the expected shape passes, in bounded number and length.
// Pure.

/** Undefined for what is not of that shape. */
export type Reading<T> = (value: unknown) => T | undefined;

const longestText = 256;

/** One line that every reader can bear: without control characters and halves of characters. */
export const text =
  (longest = longestText): Reading<string> =>
  (value) =>
    typeof value === "string"
      ? value
          .slice(0, longest)
          .toWellFormed()
          .replace(/\p{Cc}/gu, "")
      : undefined;

export const flag: Reading<boolean> = (value) => (typeof value === "boolean" ? value : undefined);

export const number: Reading<number> = (value) =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

/** Whole, and as large as every reader can count. */
export const integer: Reading<number> = (value) =>
  typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;

/** What exceeds the number is left out, and so is what is not readable. */
export const list =
  <T>(item: Reading<T>, most: number): Reading<T[]> =>
  (value) =>
    Array.isArray(value)
      ? value.slice(0, most).flatMap((entry) => {
          const read = item(entry);
          return read === undefined ? [] : [read];
        })
      : undefined;

type Fields = Record<string, Reading<unknown>>;
type Read<F extends Fields> = { [Name in keyof F]?: F[Name] extends Reading<infer T> ? T : never };

/** A field that is not readable is left out. */
export const record =
  <F extends Fields>(fields: F): Reading<Read<F>> =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const entries = Object.entries(fields).flatMap(([name, read]) => {
      const known = Object.hasOwn(value, name) ? read((value as Record<string, unknown>)[name]) : undefined;
      return known === undefined ? [] : [[name, known]];
    });
    return Object.fromEntries(entries) as Read<F>;
  };
