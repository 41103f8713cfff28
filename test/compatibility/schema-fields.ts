// Which fields our schema has, by paths as `spec.volumes[].name`, and which of them it has only to refuse them by name.
import { customResourceDefinitionsOfKubevirt } from "@knvirt/api";

export interface SchemaNode {
  type?: string;
  description?: string;
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  "x-kubernetes-validations"?: { rule: string; message: string }[];
}

/** What the schema says of a field: that it works, or why it is refused; undefined when it knows nothing of it. */
export function fieldIn(schema: SchemaNode, path: string): { refused: string | undefined } | undefined {
  let node: SchemaNode | undefined = schema;
  for (const step of path.split(/\.|(?=\[\])/)) {
    node = step === "[]" ? node.items : node.properties?.[step];
    if (node === undefined) return undefined;
    const refused = refusedBy(node);
    if (refused !== undefined) return { refused };
  }
  return { refused: undefined };
}

const refusedBy = ({ description = "", "x-kubernetes-validations": rules }: SchemaNode): string | undefined =>
  description.startsWith("Not supported: ") ? rules?.[0]?.message : undefined;

export interface RefusedField {
  path: string;
  type: string;
  message: string;
}

export function refusedFields(schema: SchemaNode, path = ""): RefusedField[] {
  const message = refusedBy(schema);
  if (message !== undefined) return [{ path, type: schema.type ?? "", message }];
  const inner = Object.entries(schema.properties ?? {}).map(([name, node]) =>
    refusedFields(node, path ? `${path}.${name}` : name),
  );
  return [...inner.flat(), ...(schema.items ? refusedFields(schema.items, `${path}[]`) : [])];
}

/** Messages of the rules of a schema, except those of fields that are refused by name. */
export function ruleMessages(schema: SchemaNode): string[] {
  if (refusedBy(schema) !== undefined) return [];
  const inner = [...Object.values(schema.properties ?? {}), ...(schema.items ? [schema.items] : [])];
  return [
    ...(schema["x-kubernetes-validations"] ?? []).map(({ message }) => message),
    ...inner.flatMap(ruleMessages),
  ];
}

/** The schema of a kind of ours. */
export function schemaOf(kind: string): SchemaNode {
  for (const { spec } of customResourceDefinitionsOfKubevirt()) {
    const { names, versions } = spec as {
      names: { kind: string };
      versions: { schema: { openAPIV3Schema: SchemaNode } }[];
    };
    const [version] = versions;
    if (names.kind === kind && version) return version.schema.openAPIV3Schema;
  }
  throw new Error(`kind ${kind} has no schema: found none of that name in api/`);
}
