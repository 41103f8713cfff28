// Validates a value against its schema, with the verdicts and the wording of Kubernetes' custom resource validation.

import { type FieldError, notSupported } from "../field-error.ts";
import { fieldSchema } from "../fields.ts";
import { canonical, childPath, depthErrors, isObject } from "../json.ts";
import { partSchema, resourceSchema } from "../resource-schema.ts";
import type { JsonValue, Schema } from "../schema.ts";
import { itemCountErrors, listTypeErrors } from "./arrays.ts";
import { compositionErrors } from "./composition.ts";
import { numberErrors } from "./numbers.ts";
import { propertyCountErrors, requiredErrors } from "./objects.ts";
import { stringErrors } from "./strings.ts";
import { typeErrors } from "./types.ts";

/** Without a path, `value` is a whole object, and its metadata is validated too. */
export function validate(schema: Schema, value: JsonValue, path = ""): FieldError[] {
  const tooDeep = depthErrors(value, path);
  if (tooDeep.length > 0) return tooDeep;
  return errorsOf(path === "" ? resourceSchema(schema) : partSchema(schema), value, path);
}

function errorsOf(schema: Schema, value: JsonValue, path: string): FieldError[] {
  const wrongType = typeErrors(schema, value, path);
  if (wrongType.length > 0 || value === null) return wrongType;
  return [
    ...enumErrors(schema, value, path),
    ...errorsByKind(schema, value, path),
    ...compositionErrors({ schema, value, path, validate: errorsOf }),
  ];
}

function errorsByKind(schema: Schema, value: JsonValue, path: string): FieldError[] {
  if (typeof value === "string") return stringErrors(schema, value, path);
  if (typeof value === "number") return numberErrors(schema, value, path);
  if (Array.isArray(value)) return arrayErrors(schema, value, path);
  return isObject(value) ? objectErrors(schema, value, path) : [];
}

function enumErrors(schema: Schema, value: JsonValue, path: string): FieldError[] {
  if (!schema.enum) return [];
  const wanted = canonical(value);
  return schema.enum.some((one) => canonical(one) === wanted) ? [] : [notSupported(path, value, schema.enum)];
}

function arrayErrors(schema: Schema, value: JsonValue[], path: string): FieldError[] {
  const { items } = schema;
  return [
    ...itemCountErrors(schema, value, path),
    ...listTypeErrors(schema, value, path),
    ...(items ? value.flatMap((item, i) => errorsOf(items, item, `${path}[${i}]`)) : []),
  ];
}

function objectErrors(schema: Schema, value: { [key: string]: JsonValue }, path: string): FieldError[] {
  const inFields = Object.entries(value).flatMap(([key, field]) => {
    const own = fieldSchema(schema, key);
    return own ? errorsOf(own, field, childPath(path, key)) : [];
  });
  return [...propertyCountErrors(schema, value, path), ...inFields, ...requiredErrors(schema, value, path)];
}
