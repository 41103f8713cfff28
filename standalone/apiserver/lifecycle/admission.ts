// Brings a wanted object into the form that may be stored, or refuses it: fields, defaults, validation, rules.

import { badRequest, invalid, type StatusCause } from "../errors.ts";
import type { ServedResource } from "../machinery.ts";
import { metadataCauses } from "../metadata.ts";
import type { KubernetesObject } from "../object.ts";
import {
  applyDefaults,
  evaluateRules,
  type FieldError,
  type JsonValue,
  prune,
  unknownFields,
  validate,
} from "../schema/index.ts";
import type { WriteOptions } from "./write-options.ts";

/** Without unknown fields and with its defaults. */
export function normalized(
  { definition }: ServedResource,
  object: KubernetesObject,
  { fieldValidation, warn }: Pick<WriteOptions, "fieldValidation" | "warn">,
): KubernetesObject {
  const value = object as unknown as JsonValue;
  const unknown = unknownFields(definition.schema, value).map((field) => `unknown field ${JSON.stringify(field)}`);
  if (unknown.length > 0) {
    if (fieldValidation === "Strict" || definition.refuseUnknownFields)
      throw strictDecodingError(definition, unknown);
    if (fieldValidation === "Warn") for (const message of unknown) warn(message);
  }
  const known = unknown.length > 0 ? prune(definition.schema, value) : value;
  return applyDefaults(definition.schema, known) as unknown as KubernetesObject;
}

const strictDecodingError = ({ kind, version }: { kind: string; version: string }, problems: string[]) =>
  badRequest(
    `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ` +
      `strict decoding error: ${problems.join(", ")}`,
  );

/** Throws Invalid with all that is wrong. */
export function validated(
  resource: ServedResource,
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): KubernetesObject {
  const { definition, strategy } = resource;
  const value = object as unknown as JsonValue;
  const schemaErrors = validate(definition.schema, value);
  // Rules and the other checks read the object by its schema, so they come after it holds.
  const causes =
    schemaErrors.length > 0
      ? schemaErrors.map(causeOf)
      : [
          ...metadataCauses(object.metadata, strategy.nameRule ?? "subdomain"),
          ...evaluateRules(definition.schema, value, live as unknown as JsonValue | undefined).map(causeOf),
          ...(strategy.validate?.(object, live) ?? []),
        ];
  if (causes.length > 0) throw invalid({ ...definition, name: String(object.metadata.name ?? "") }, causes);
  return object;
}

const causeOf = ({ type, field, message }: FieldError): StatusCause => ({ reason: type, message, field });
