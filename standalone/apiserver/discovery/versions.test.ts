import { expect, test } from "@jest/globals";
import { compareVersions } from "./versions.ts";

test("stable and new versions come first", () => {
  const versions = ["foo1", "v1alpha1", "v1", "v10", "v2beta1", "v1beta10", "v1beta2", "v2", "bar"];
  const sorted = ["v10", "v2", "v1", "v2beta1", "v1beta10", "v1beta2", "v1alpha1", "bar", "foo1"];
  expect(versions.toSorted(compareVersions)).toEqual(sorted);
});
