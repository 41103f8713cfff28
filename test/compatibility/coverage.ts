// How much of a kind's fields our schema has, and why the rest is not there.
import { fieldIn, type SchemaNode } from "./schema-fields.ts";

export interface Missing {
  field: string;
  reason: string | undefined;
}

export interface Coverage {
  total: number;
  missing: Missing[];
}

/** A reason is given for a field, for all below it, or for a name wherever it stands (`**.name`). */
export type Reasons = Readonly<Record<string, string>>;

export function coverageOf(fields: readonly string[], schema: SchemaNode, reasons: Reasons): Coverage {
  const missing = fields.flatMap((field) => {
    const known = fieldIn(schema, field);
    if (known && known.refused === undefined) return [];
    return [{ field, reason: known?.refused ?? reasonOf(field, reasons) }];
  });
  return { total: fields.length, missing };
}

/** The longest entry that speaks of the field: the rule for one beats that for all around it. */
function reasonOf(field: string, reasons: Reasons): string | undefined {
  const [best] = Object.keys(reasons)
    .filter((pattern) => speaksOf(pattern, field))
    .toSorted((a, b) => b.length - a.length);
  return best === undefined ? undefined : reasons[best];
}

export const speaksOf = (pattern: string, field: string): boolean =>
  pattern.startsWith("**.")
    ? `.${field}.`.includes(`.${pattern.slice(3)}.`)
    : field === pattern || field.startsWith(`${pattern}.`) || field.startsWith(`${pattern}[]`);

export const percent = ({ total, missing }: Coverage): string =>
  `${total === 0 ? 100 : Math.floor((100 * (total - missing.length)) / total)} %`;
