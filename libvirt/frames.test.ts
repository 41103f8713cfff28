import { expect, test } from "@jest/globals";
import { fc } from "../test/support/property.ts";
import { packetCutter, readHeader, seal } from "./frames.ts";
import { writer } from "./octets.ts";

const packetOf = (payloadLength: number): Buffer => {
  const packet = Buffer.alloc(28 + payloadLength, payloadLength % 251);
  packet.writeUInt32BE(packet.length);
  return packet;
};

test("packets come out whole however the bytes are cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(200), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 90 })),
      (lengths, cuts) => {
        const packets = lengths.map(packetOf);
        const found: Buffer[] = [];
        const cutter = packetCutter((packet) => found.push(Buffer.from(packet)));
        // The chunk is reused, as the connection does with its read buffer.
        const chunk = Buffer.alloc(4096);
        let rest = Buffer.concat(packets);
        for (const cut of [...cuts, rest.length]) {
          const length = rest.copy(chunk, 0, 0, cut);
          cutter.push(chunk.subarray(0, length));
          chunk.fill(0xff);
          rest = rest.subarray(length);
        }
        expect(found).toEqual(packets);
        expect(cutter.isMidPacket()).toBe(false);
      },
    ),
  );
});

test("a packet is missing its end", () => {
  const cutter = packetCutter(() => undefined);
  cutter.push(packetOf(8).subarray(0, 30));
  expect(cutter.isMidPacket()).toBe(true);
});

test.each([0, 27, 4 + 32 * 1024 * 1024 + 1, 0xffffffff])("a length of %d is refused", (length) => {
  const word = Buffer.alloc(8);
  word.writeUInt32BE(length);
  expect(() => packetCutter(() => undefined).push(word)).toThrow(
    `packet length is ${length}, expected 28 to 33554436`,
  );
  const cutter = packetCutter(() => undefined);
  cutter.push(word.subarray(0, 2));
  expect(() => cutter.push(word.subarray(2))).toThrow(`packet length is ${length}`);
});

test("a header is six words behind the length", () => {
  const header = { program: 0x20008086, procedure: 212, type: 0, serial: 7, status: 0 };
  const packet = seal(writer(28), header);
  expect(packet.toString("hex")).toBe("0000001c2000808600000001000000d4000000000000000700000000");
  expect(readHeader(packet)).toEqual(header);
});

test("another version of the protocol is refused", () => {
  const packet = packetOf(0);
  packet.writeUInt32BE(2, 8);
  expect(() => readHeader(packet)).toThrow("protocol version is 2, expected 1");
});

test("a packet that is too long is not sent", () => {
  const output = { buffer: Buffer.alloc(0), at: 33554437 };
  expect(() => seal(output, { program: 1, procedure: 1, type: 0, serial: 1, status: 0 })).toThrow(
    "packet is too long",
  );
});
