import { fc } from "../test/support/property.ts";
import { integer, objectIdentifier, octetString } from "./der.ts";

test.each([
  { when: "zero", given: [0, 0], want: "020100" },
  { when: "no superfluous zeros", given: [0, 0, 1], want: "020101" },
  { when: "no sign by accident", given: [0x80], want: "02020080" },
])("an integer has $when", ({ given, want }) => expect(integer(Buffer.from(given)).toString("hex")).toBe(want));

test.each([
  { dotted: "2.5.29.17", want: "0603551d11" },
  { dotted: "1.2.840.10045.4.3.2", want: "06082a8648ce3d040302" },
])("$dotted is $want", ({ dotted, want }) => expect(objectIdentifier(dotted).toString("hex")).toBe(want));

test("a length is told in as few bytes as there can be", () =>
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 70_000 }), (length) => {
      const bytes = octetString(Buffer.alloc(length));
      const [, first = 0] = bytes;
      const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
      const told = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes);
      expect([told, bytes.length]).toEqual([length, 2 + lengthBytes + length]);
      expect(lengthBytes).toBe(length < 0x80 ? 0 : Math.ceil((Math.log2(length + 1) || 1) / 8));
    }),
  ));
