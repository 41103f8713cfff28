// Brings a wanted object into the form that may be stored, or refuses it: fields, defaults, validation, rules.

import { badRequest, invalid, type StatusCause } from "../errors.ts";
import type { ServedResource } from "../machinery.ts";
import { metadataCauses } from "../metadata.ts";
import { type KubernetesObject, type ObjectMeta, withMetadata } from "../object.ts";
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
  const value = withoutEmpty(object) as unknown as JsonValue;
  const unknown = unknownFields(definition.schema, value).map((field) => `unknown field ${JSON.stringify(field)}`);
  if (unknown.length > 0) {
    if (fieldValidation === "Strict" || definition.refuseUnknownFields)
      throw strictDecodingError(definition, unknown);
    if (fieldValidation === "Warn") for (const message of unknown) warn(message);
  }
  const known = unknown.length > 0 ? prune(definition.schema, value) : value;
  return applyDefaults(definition.schema, known) as unknown as KubernetesObject;
}

const maybeEmpty = ["labels", "annotations", "finalizers", "ownerReferences"] as const;

/** Metadata has no empty maps and lists, as in Kubernetes: they are not there; nor links, which nobody fills in. */
function withoutEmpty(object: KubernetesObject): KubernetesObject {
  const metadata: ObjectMeta & { selfLink?: unknown } = object.metadata;
  const empty = maybeEmpty.filter((field) => {
    const value: unknown = metadata[field];
    return value === null || (typeof value === "object" && Object.keys(value).length === 0);
  });
  if (empty.length === 0 && metadata.selfLink === undefined) return object;
  return withMetadata(object, Object.fromEntries(["selfLink", ...empty].map((field) => [field, undefined])));
}

const strictDecodingError = ({ kind, version }: { kind: string; version: string }, problems: string[]) =>
  badRequest(
    `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ` +
      `strict decoding error: ${problems.join(", ")}`,
  );

/** Of another type, or text that is no amount. */
const isUnreadable = / must be of type |\[eEinumkKMGTP\]/;

/** Of kinds of others only the metadata is of known types; what is below is for the schema to judge. */
function unreadable({ definition, builtIn }: ServedResource, object: KubernetesObject): FieldError[] {
  const errors = validate(definition.schema, object as unknown as JsonValue);
  return errors.filter(
    ({ field, message }) => isUnreadable.test(message) && (builtIn || field.startsWith("metadata.")),
  );
}

/** Throws BadRequest where a body has values of other types than its kind. */
export function requireDecodable(resource: ServedResource, object: KubernetesObject): KubernetesObject {
  const { kind, version } = resource.definition;
  const [first] = unreadable(resource, object);
  if (!first) return object;
  throw badRequest(`${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${first.message}`);
}

/** The same of what a patch has made: which object it was made of is asked only afterwards. */
export function requireReadable(resource: ServedResource, object: KubernetesObject): void {
  const causes = unreadable(resource, object).map(causeOf);
  if (causes.length > 0) throw invalid({ ...resource.definition, name: object.metadata.name }, causes);
}

interface Origin {
  live: KubernetesObject | undefined;
  /** What else is wrong with the change. */
  fixed?: StatusCause[];
}

/** What stands twice in metadata does no harm there, and Kubernetes takes it. */
const isRepeatedMetadata = ({ type, field }: FieldError): boolean =>
  type === "FieldValueDuplicate" && field.startsWith("metadata.");

/** Throws Invalid with all that is wrong. */
export function validated(
  resource: ServedResource,
  object: KubernetesObject,
  { live, fixed = [] }: Origin,
): KubernetesObject {
  const { definition, strategy } = resource;
  const value = object as unknown as JsonValue;
  const schemaErrors = validate(definition.schema, value).filter((error) => !isRepeatedMetadata(error));
  // Rules and the other checks read the object by its schema, so they come after it holds.
  const causes =
    schemaErrors.length > 0
      ? schemaErrors.map(causeOf)
      : [
          ...fixed,
          ...metadataCauses(object.metadata, strategy.nameRule ?? "subdomain"),
          ...evaluateRules(definition.schema, value, live as unknown as JsonValue | undefined).map(causeOf),
          ...(strategy.validate?.(object, live) ?? []),
        ];
  if (causes.length > 0) throw invalid({ ...definition, name: String(object.metadata.name ?? "") }, causes);
  return object;
}

const causeOf = ({ type, field, message }: FieldError): StatusCause => ({ reason: type, message, field });
