// allOf, anyOf, oneOf and not. Where no branch fits, the errors of the branch that came closest are reported too.
import { type FieldError, invalid } from "../field-error.ts";
import type { JsonValue, Schema } from "../schema.ts";

interface Composition {
  schema: Schema;
  value: JsonValue;
  path: string;
  validate: (schema: Schema, value: JsonValue, path: string) => FieldError[];
}

export function compositionErrors(given: Composition): FieldError[] {
  return [...anyOfErrors(given), ...oneOfErrors(given), ...allOfErrors(given), ...notErrors(given)];
}

const branches = ({ value, path, validate }: Composition, schemas: Schema[]): FieldError[][] =>
  schemas.map((schema) => validate(schema, value, path));

function anyOfErrors(given: Composition): FieldError[] {
  const results = branches(given, given.schema.anyOf ?? []);
  if (results.length === 0 || results.some(isEmpty)) return [];
  return [refused(given, "at least one schema (anyOf)"), ...closest(results)];
}

function oneOfErrors(given: Composition): FieldError[] {
  const results = branches(given, given.schema.oneOf ?? []);
  const valid = results.filter(isEmpty).length;
  if (results.length === 0 || valid === 1) return [];
  if (valid === 0) return [refused(given, "one and only one schema (oneOf). Found none valid"), ...closest(results)];
  return [refused(given, `one and only one schema (oneOf). Found ${valid} valid alternatives`)];
}

function allOfErrors(given: Composition): FieldError[] {
  const results = branches(given, given.schema.allOf ?? []);
  const failed = results.filter((errors) => errors.length > 0);
  if (failed.length === 0) return [];
  const none = failed.length === results.length ? ". None validated" : "";
  return [...failed.flat(), refused(given, `all the schemas (allOf)${none}`)];
}

function notErrors({ schema, value, path, validate }: Composition): FieldError[] {
  if (!schema.not || validate(schema.not, value, path).length > 0) return [];
  return [invalid(path, "", `${JSON.stringify(path)} must not validate the schema (not)`)];
}

const refused = ({ path }: Composition, what: string): FieldError =>
  invalid(path, "", `${JSON.stringify(path)} must validate ${what}`);

const isEmpty = (errors: FieldError[]): boolean => errors.length === 0;

const closest = (results: FieldError[][]): FieldError[] =>
  results.reduce((best, errors) => (errors.length < best.length ? errors : best));
