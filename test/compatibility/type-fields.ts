// Which fields a kind has by its TypeScript declarations: paths of leaves, as `spec.volumes[].name`.

/** Properties of an interface: name to declared type. */
export type Declarations = Map<string, Map<string, string>>;

/** Reads the interfaces of a generated declaration file, which has one property on a line. */
export function declarationsIn(source: string): Declarations {
  const declarations: Declarations = new Map();
  for (const [, name = "", body = ""] of source.matchAll(/^(?:export )?interface (\w+) \{\n(.*?)^\}/gms)) {
    const properties = [...body.matchAll(/^ {4}(\w+)\??: (.+?);?$/gm)];
    declarations.set(name, new Map(properties.map(([, property = "", type = ""]) => [fieldName(property), type])));
  }
  return declarations;
}

/** The generator's names are not quite the fields': reserved words get a prefix, and a first capital is lost. */
const fieldName = (property: string): string => (property === "vSOCKCID" ? "VSOCKCID" : property.replace(/^_/, ""));

/** Types that are not the project's own: a field of such a type counts as one. */
const foreign = /^(K8sIo|V1beta1DataVolume|V1beta1StorageSpec)/;

export function leafFields(declarations: Declarations, kind: string): string[] {
  const walk = (type: string, path: string, above: readonly string[]): string[] => {
    const [item] = /(?<=^Array<).+(?=>$)/.exec(type) ?? [];
    if (item) return walk(item, `${path}[]`, above);
    const properties = declarations.get(type);
    if (!properties?.size || foreign.test(type) || above.includes(type)) return [path];
    return [...properties].flatMap(([name, inner]) => walk(inner, path ? `${path}.${name}` : name, [...above, type]));
  };
  if (!declarations.has(kind)) throw new Error(`kind ${kind} is not declared: found none of that name`);
  return walk(kind, "", []);
}
