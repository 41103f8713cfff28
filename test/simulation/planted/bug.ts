// What a planted bug is: one piece of our source, replaced by what a careless change could make of it.

export interface Bug {
  name: string;
  /** From the root of the project. */
  file: string;
  /** Occurs there exactly once. */
  find: string;
  replace: string;
  why: string;
  /** By which it is found as a rule. */
  invariant?: string;
}

/** Throws when the text is not there, or more than once: the table has to follow the source. */
export function withBug(source: string, { name, file, find, replace }: Bug): string {
  const parts = source.split(find);
  if (parts.length !== 2)
    throw new Error(
      `planted bug ${name} does not fit ${file}: its text occurs ${parts.length - 1} times, expected once`,
    );
  return parts.join(replace);
}
