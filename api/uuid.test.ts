import { createHash } from "node:crypto";
import { fc } from "../test/support/property.ts";
import { sha1, uuidV5 } from "./uuid.ts";

test.each([
  {
    namespace: "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    name: "www.example.com",
    want: "2ed6657d-e927-568b-95e1-2665a8aea6a2",
  },
  {
    namespace: "6BA7B810-9DAD-11D1-80B4-00C04FD430C8",
    name: "www.example.com",
    want: "2ed6657d-e927-568b-95e1-2665a8aea6a2",
  },
])("$name in $namespace is $want, as RFC 9562 has it", ({ namespace, name, want }) =>
  expect(uuidV5(namespace, name)).toBe(want),
);

test("a namespace that is no UUID is refused", () => {
  expect(() => uuidV5("6ba7b810", "a")).toThrow('namespace "6ba7b810" is no UUID');
});

test("sha1 is that of OpenSSL for every length around the block size", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
      expect(Buffer.from(sha1(message)).toString("hex")).toBe(createHash("sha1").update(message).digest("hex"));
    }),
  );
});
