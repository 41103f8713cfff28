// Which fields of two values differ, by path.

export interface Change {
  path: string;
  before: unknown;
  after: unknown;
}

export function changesOf(before: unknown, after: unknown, path = ""): Change[] {
  if (Object.is(before, after)) return [];
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after))
    return [{ path, before, after }];
  const identify = identityIn(before, after);
  const [from, to] = [entriesBy(before, identify), entriesBy(after, identify)];
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((name) =>
    changesOf(from.get(name), to.get(name), `${path}${Array.isArray(after) ? `[${name}]` : `.${name}`}`),
  );
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** What tells items of a list apart, in the order in which it is tried. */
const identities = ["type", "phase", "name", "uid"];

type Identify = (item: unknown, index: string) => string;

/** Items keep what they are called when others come and go before them. */
function identityIn(before: object, after: object): Identify {
  const byIndex: Identify = (_item, index) => index;
  if (!Array.isArray(before) || !Array.isArray(after)) return byIndex;
  const isIdentity = (field: string): boolean =>
    [before, after].every(
      (list) => new Set(list.map((item) => isObject(item) && text(item, field))).size === list.length,
    ) && [...before, ...after].every((item) => isObject(item) && text(item, field) !== undefined);
  const field = identities.find(isIdentity);
  return field === undefined ? byIndex : (item, index) => (isObject(item) && text(item, field)) || index;
}

function text(item: object, field: string): string | undefined {
  const value = (item as Record<string, unknown>)[field];
  return typeof value === "string" ? value : undefined;
}

const entriesBy = (value: object, identify: Identify): Map<string, unknown> =>
  new Map(Object.entries(value).map(([index, member]) => [identify(member, index), member]));
