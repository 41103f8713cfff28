// What the API server uses of a resource's schema.
export { evaluateRules } from "./cel/rules.ts";
export type { FieldError } from "./field-error.ts";
export { depthErrors } from "./json.ts";
export { openApiV2 } from "./openapi/v2.ts";
export { openApiV2Protobuf, openApiV2ProtobufType } from "./openapi/v2-protobuf.ts";
export { openApiV3, openApiV3Index } from "./openapi/v3.ts";
export { resourceSchema } from "./resource-schema.ts";
export type { JsonValue, Schema } from "./schema.ts";
export { applyDefaults } from "./shape/defaults.ts";
export { prune } from "./shape/prune.ts";
export { unknownFields } from "./shape/unknown-fields.ts";
export { schemaProblems } from "./structural/schema-problems.ts";
export { validate } from "./validation/validate.ts";
