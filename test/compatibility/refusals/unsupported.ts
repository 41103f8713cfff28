// Refusals of fields that upstream has and this project has not: the schema names them, so the rows are read from it.
import { aManifest, laidOver } from "../manifests.ts";
import { type RefusedField, refusedFields, type SchemaNode, schemaOf } from "../schema-fields.ts";
import type { ManifestRefusal, SpecRefusal } from "./row.ts";

const values: Record<string, unknown> = { boolean: true, object: {}, array: [{}], string: "x" };

/** A list on the way has one item, with a name. */
function around(steps: readonly string[], value: unknown): object {
  const [step = "", ...rest] = steps;
  const inner = rest.length === 0 ? value : around(rest, value);
  return step.endsWith("[]") ? { [step.slice(0, -2)]: [{ name: "root", ...(inner as object) }] } : { [step]: inner };
}

const wanted = ({ path, message }: RefusedField) => ({
  id: "WH-07",
  when: `${path}, which is not supported`,
  field: path.replaceAll("[]", "[0]"),
  message,
});

const properties = (kind: string): Record<string, SchemaNode> => schemaOf(kind).properties?.spec?.properties ?? {};

export const unsupportedRefusals: SpecRefusal[] = refusedFields({
  properties: properties("VirtualMachineInstance"),
}).map((field) => ({
  ...wanted(field),
  spec: {
    ...around(field.path.split("."), values[field.type]),
    ...(field.path.includes("disks[]") && { volumes: [{ name: "root", emptyDisk: { capacity: "1Mi" } }] }),
  },
}));

const { template, ...ofVm } = properties("VirtualMachine");

export const unsupportedOfVmRefusals: ManifestRefusal[] = refusedFields({
  properties: { spec: { properties: ofVm } },
}).map((field) => ({
  ...wanted(field),
  manifest: laidOver(aManifest("VirtualMachine"), around(field.path.split("."), values[field.type])),
}));
