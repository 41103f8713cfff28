import { expect, test } from "@jest/globals";
import { ApiError, hasMoved } from "./errors.ts";

const invalid = (field: string) =>
  new ApiError(422, { reason: "Invalid", details: { causes: [{ field, message: "field is immutable" }] } });

test.each([
  { when: "it has changed", error: new ApiError(409, { reason: "Conflict" }), want: true },
  { when: "it is gone", error: new ApiError(404, { reason: "NotFound" }), want: true },
  { when: "another one has its name", error: invalid("metadata.uid"), want: true },
  { when: "the write is at fault", error: invalid("spec.x"), want: false },
  { when: "its twin was made", error: new ApiError(409, { reason: "AlreadyExists" }), want: false },
  { when: "nobody answers", error: new Error("connection lost"), want: false },
])("what was decided on has moved when $when: $want", ({ error, want }) => expect(hasMoved(error)).toBe(want));
