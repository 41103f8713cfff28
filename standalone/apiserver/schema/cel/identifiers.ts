// How a field is called in a rule: names that CEL cannot spell are escaped as Kubernetes escapes them.
// https://kubernetes.io/docs/reference/using-api/cel/#escaping

const keywords = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

const escapes: Record<string, string> = {
  __: "__underscores__",
  ".": "__dot__",
  "-": "__dash__",
  "/": "__slash__",
};

/** Undefined for a field that no rule can name. */
export function celIdentifier(field: string): string | undefined {
  if (keywords.has(field)) return `__${field}__`;
  if (!/^[a-zA-Z_][a-zA-Z0-9_./-]*$/.test(field)) return undefined;
  return field.replace(/__|[./-]/g, (part) => escapes[part] ?? part);
}
