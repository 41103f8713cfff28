import { expect, test } from "@jest/globals";
import { fc } from "../../test/support/property.ts";
import { type DhcpPacket, decode, encode } from "./packet.ts";

const address = fc.ipV4();
const mac = fc.uint8Array({ minLength: 6, maxLength: 6 }).map((bytes) =>
  Buffer.from(bytes)
    .toString("hex")
    .replace(/..(?=.)/g, "$&:"),
);
const option = fc.tuple(
  fc.integer({ min: 1, max: 254 }),
  fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
);
const packet: fc.Arbitrary<DhcpPacket> = fc.record({
  op: fc.constantFrom(1, 2),
  transaction: fc.nat(),
  seconds: fc.integer({ min: 0, max: 65535 }),
  flags: fc.integer({ min: 0, max: 65535 }),
  clientAddress: address,
  yourAddress: address,
  serverAddress: address,
  relayAddress: address,
  mac,
  options: fc.array(option, { maxLength: 8 }).map((options) => new Map(options)),
});

test("what was written is read back", () => {
  fc.assert(fc.property(packet, (given) => expect(decode(encode(given))).toEqual(given)));
});

test("whatever comes is either understood or passed over", () => {
  fc.assert(
    fc.property(packet, fc.nat(), fc.nat(255), (given, at, value) => {
      const bytes = encode(given);
      bytes[at % bytes.length] = value;
      expect(() => decode(bytes.subarray(0, at % (bytes.length + 1)))).not.toThrow();
      expect(() => decode(bytes)).not.toThrow();
    }),
  );
});
