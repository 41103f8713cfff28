// Who owns which field: exactly what standalone/apiserver/patch/apply says, in a fraction of the time. Field sets are
// there only once, what two versions share is not looked into, and what is out of the ordinary is left to the original.
export { appliedTo } from "./apply.ts";
export { fieldsAfter } from "./track.ts";
export { createFields, type Fields, type FieldWriter } from "./writer.ts";
