// A conversation between libvirt's own C client (virsh 9.0.0) and its test driver, byte for byte. Every packet that our
// tables know must come out of them as it went in. A line is who speaks, C or D, and the packet in hex.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { errorFields } from "../errors.ts";
import { type Header, headerLength, packetStatus, packetTypes, readHeader, seal } from "../frames.ts";
import { writer } from "../octets.ts";
import { qemu, remote } from "../procedures.ts";
import type { Procedure } from "../program.ts";
import { holeCodec } from "../streams.ts";
import { type Codec, decode, struct } from "../xdr.ts";

const text = readFileSync(join(import.meta.dirname, "../testdata/virsh-conversation.txt"), "utf8");
const packets = text
  .trim()
  .split("\n")
  .map((line) => Buffer.from(line.slice(2), "hex"));

const table = new Map<string, Procedure<unknown, unknown>>(
  [...Object.values(remote), ...Object.values(qemu)].map((procedure) => [
    `${procedure.program}/${procedure.number}`,
    procedure,
  ]),
);

function codecOf({ program, procedure, type, status }: Header): [string, Codec<unknown>] | undefined {
  const line = table.get(`${program}/${procedure}`);
  if (!line) return undefined;
  if (status === packetStatus.error) return [`${line.name} error`, struct(errorFields)];
  if (type === packetTypes.call) return [`${line.name} call`, line.args];
  if (type === packetTypes.reply) return [`${line.name} reply`, line.reply];
  return type === packetTypes.hole ? [`${line.name} hole`, holeCodec] : undefined;
}

const known = packets.flatMap((packet) => {
  const header = readHeader(packet);
  const found = codecOf(header);
  return found ? [{ what: found[0], codec: found[1], header, packet }] : [];
});

test("the conversation covers a good part of the tables", () =>
  expect(new Set(known.map(({ what }) => what)).size).toBeGreaterThan(60));

test.each(known)("$what comes out as it went in", ({ codec, header, packet }) => {
  const value = decode(codec, { buffer: packet, at: headerLength, end: packet.length });
  const output = writer(headerLength);
  codec.write(output, value);
  expect(seal(output, header).toString("hex")).toBe(packet.toString("hex"));
});
