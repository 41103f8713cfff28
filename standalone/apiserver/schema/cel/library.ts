// What a library adds to CEL: types, constants, operators and functions, keyed by their CEL signatures.

/** The signature is checked by CEL before the call, so each function declares the arguments it is called with. */
// biome-ignore lint/suspicious/noExplicitAny: parameters of unrelated functions have no common type
type CelFunction = (...args: any[]) => unknown;

export interface CelLibrary {
  types?: Record<string, new (...args: never[]) => object>;
  /** Instance of a type above, under the name that rules use. */
  constants?: Record<string, { type: string; value: object }>;
  operators?: Record<string, CelFunction>;
  functions: Record<string, CelFunction>;
}

/** A list may be a JavaScript set: see values.ts. */
export type CelList = unknown[] | Set<unknown>;
