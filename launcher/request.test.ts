import { expect, test } from "@jest/globals";
import { parseVmi } from "./request.ts";
import { aVmi } from "./testing/vmi.ts";

const identity = { namespace: "default", name: "web", uid: aVmi().metadata.uid as string };

test("its own VMI is taken", () => expect(parseVmi(JSON.stringify(aVmi()), identity)).toEqual(aVmi()));

test.each([
  { given: "{", want: /^vmi is no JSON: / },
  { given: "null", want: "vmi is no object with a spec" },
  { given: "{}", want: "vmi is no object with a spec" },
  { given: '{"spec":{}}', want: "vmi is undefined/undefined with uid undefined, expected default/web with uid" },
  {
    given: JSON.stringify({ ...aVmi(), metadata: { ...aVmi().metadata, name: "db" } }),
    want: "vmi is default/db with uid",
  },
])("$given is refused", ({ given, want }) => expect(() => parseVmi(given, identity)).toThrow(want));
