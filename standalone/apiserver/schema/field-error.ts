// A refusal of one field, worded as Kubernetes words it; it is what metav1.StatusCause carries.
import type { JsonValue } from "./schema.ts";

/** The verdicts of Kubernetes' field errors, with the words their messages open with. */
const openings = {
  FieldValueRequired: "Required value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueInvalid: "Invalid value",
  FieldValueTypeInvalid: "Invalid value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueForbidden: "Forbidden",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
} as const;

export type FieldErrorType = keyof typeof openings;

export interface FieldError {
  /** The cause's `reason`. */
  type: FieldErrorType;
  /** Path of the field; `<nil>` is the object itself. */
  field: string;
  message: string;
}

interface Wording {
  type: FieldErrorType;
  field: string;
  /** Left out of the message when undefined. */
  value?: JsonValue | undefined;
  detail?: string;
}

function fieldError({ type, field, value, detail }: Wording): FieldError {
  const parts = [openings[type], value === undefined ? "" : JSON.stringify(value), detail ?? ""];
  return { type, field: field === "" ? "<nil>" : field, message: parts.filter((part) => part !== "").join(": ") };
}

export const required = (field: string, detail = ""): FieldError =>
  fieldError({ type: "FieldValueRequired", field, detail });

export const forbidden = (field: string, detail: string): FieldError =>
  fieldError({ type: "FieldValueForbidden", field, detail });

export const invalid = (field: string, value: JsonValue | undefined, detail: string): FieldError =>
  fieldError({ type: "FieldValueInvalid", field, value, detail });

export const typeInvalid = (field: string, value: JsonValue, detail: string): FieldError =>
  fieldError({ type: "FieldValueTypeInvalid", field, value, detail });

export const duplicate = (field: string, value: JsonValue | undefined): FieldError =>
  fieldError({ type: "FieldValueDuplicate", field, value });

export function notSupported(field: string, value: JsonValue | undefined, supported: JsonValue[]): FieldError {
  const quoted = supported.map((one) => JSON.stringify(typeof one === "string" ? one : JSON.stringify(one)));
  const detail = `supported values: ${quoted.join(", ")}`;
  return fieldError({ type: "FieldValueNotSupported", field, value, detail });
}

export const tooLong = (field: string, max: number): FieldError =>
  fieldError({ type: "FieldValueTooLong", field, detail: `may not be more than ${max} ${plural(max, "byte")}` });

export const tooMany = (field: string, actual: number, max: number): FieldError =>
  fieldError({
    type: "FieldValueTooMany",
    field,
    value: actual,
    detail: `must have at most ${max} ${plural(max, "item")}`,
  });

const plural = (count: number, noun: string): string => (count === 1 ? noun : `${noun}s`);
