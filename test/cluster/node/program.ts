// A program of a node: what its first process keeps running.

export interface Program {
  name: string;
  argv: string[];
  env?: Record<string, string>;
}

/** Every option as one argument; what is undefined is left out. */
export const options = (values: Record<string, string | number | boolean | undefined>): string[] =>
  Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
