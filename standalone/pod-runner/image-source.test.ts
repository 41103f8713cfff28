import { expect, test } from "@jest/globals";
import { mergedCredentials } from "./image-source.ts";

const aSecret = (auths?: object) => ({
  ...{ apiVersion: "v1", kind: "Secret", metadata: { name: "pull" } },
  data: auths ? { ".dockerconfigjson": Buffer.from(JSON.stringify({ auths })).toString("base64") } : {},
});

test.each([
  { when: "no secret", secrets: [], want: undefined },
  { when: "a missing one, and one of another kind", secrets: [undefined, aSecret()], want: undefined },
  {
    when: "several: the first wins",
    secrets: [aSecret({ a: { auth: "1" } }), aSecret({ a: { auth: "2" }, b: { auth: "3" } })],
    want: { auths: { a: { auth: "1" }, b: { auth: "3" } } },
  },
])("credentials from $when", ({ secrets, want }) => {
  const merged = mergedCredentials(secrets);
  expect(merged && JSON.parse(merged)).toEqual(want);
});

test("credentials that cannot be read are refused without a word of them", () => {
  const broken = { ...aSecret(), data: { ".dockerconfigjson": Buffer.from("hunter2 {").toString("base64") } };
  expect(() => mergedCredentials([broken])).toThrow(/^pull secret default\/pull: its .dockerconfigjson is not JSON$/);
});
