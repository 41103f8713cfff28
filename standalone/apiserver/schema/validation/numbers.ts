// Ranges, steps and widths of numbers.
import { type FieldError, invalid } from "../field-error.ts";
import type { Schema } from "../schema.ts";

export function numberErrors(schema: Schema, value: number, path: string): FieldError[] {
  const complaints = [...minimum(schema, value), ...maximum(schema, value), ...step(schema, value)];
  return [
    ...complaints.map((complaint) => invalid(path, value, `${path} in body ${complaint}`)),
    ...widthErrors(schema, value, path),
  ];
}

function minimum({ minimum: bound, exclusiveMinimum }: Schema, value: number): string[] {
  if (bound === undefined) return [];
  if (exclusiveMinimum) return value > bound ? [] : [`should be greater than ${bound}`];
  return value >= bound ? [] : [`should be greater than or equal to ${bound}`];
}

function maximum({ maximum: bound, exclusiveMaximum }: Schema, value: number): string[] {
  if (bound === undefined) return [];
  if (exclusiveMaximum) return value < bound ? [] : [`should be less than ${bound}`];
  return value <= bound ? [] : [`should be less than or equal to ${bound}`];
}

function step({ multipleOf }: Schema, value: number): string[] {
  if (!multipleOf) return [];
  const quotient = value / multipleOf;
  // Decimal steps such as 0.1 have no exact binary form.
  return Math.abs(quotient - Math.round(quotient)) < 1e-9 ? [] : [`should be a multiple of ${multipleOf}`];
}

const widths: Record<string, { min: number; max: number }> = {
  int32: { min: -(2 ** 31), max: 2 ** 31 - 1 },
  int64: { min: -(2 ** 63), max: 2 ** 63 },
};

function widthErrors({ format, type }: Schema, value: number, path: string): FieldError[] {
  const width = type === "integer" && format ? widths[format] : undefined;
  if (!width || (value >= width.min && value <= width.max)) return [];
  return [invalid(path, value, `Checked value must be of type integer with format ${format} in ${path}`)];
}
