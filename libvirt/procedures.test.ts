import { expect, test } from "@jest/globals";
import { fc } from "../test/support/property.ts";
import { errorFields } from "./errors.ts";
import { connectionClosed, domainEvents, monitorEvent } from "./event-table.ts";
import { reader, writer, written } from "./octets.ts";
import { qemu, remote } from "./procedures.ts";
import type { Procedure } from "./program.ts";
import { arbitrary } from "./testing/arbitrary.ts";
import { type Codec, decode, struct } from "./xdr.ts";

const procedures: Procedure<unknown, unknown>[] = [...Object.values(remote), ...Object.values(qemu)];
const messages = Object.entries({ ...domainEvents, monitorEvent, connectionClosed });

const codecs: [string, Codec<unknown>][] = [
  ...procedures.flatMap(({ name, args, reply }): [string, Codec<unknown>][] => [
    [`${name}'s arguments`, args],
    [`${name}'s reply`, reply],
  ]),
  ...messages.map(([name, { fields }]): [string, Codec<unknown>] => [name, fields]),
  ["an error", struct(errorFields)],
];

test.each(codecs)("%s read back are what was written", (_, codec) =>
  fc.assert(
    fc.property(arbitrary(codec.kind), (value) => {
      const output = writer();
      codec.write(output, value);
      expect(decode(codec, reader(written(output)))).toEqual(value);
    }),
    { numRuns: 25 },
  ),
);

test.each(codecs)("%s are refused or read when they are noise, and nothing else happens", (_, codec) =>
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => {
      try {
        decode(codec, reader(Buffer.from(noise)));
      } catch (error) {
        expect(error).toHaveProperty("name", "XdrError");
      }
    }),
    { numRuns: 25 },
  ),
);

test("no number is taken twice", () => {
  const numbers = procedures.map(({ program, number }) => `${program}/${number}`);
  expect(new Set(numbers).size).toBe(numbers.length);
});

test("the table's types are those of its codecs", () => {
  type Args<P> = P extends Procedure<infer A, unknown> ? A : never;
  const args: Args<typeof remote.domainGetState> = { dom: { name: "a", uuid: "b", id: 1 }, flags: 0 };
  // @ts-expect-error a number is not a string
  const wrong: Args<typeof remote.domainLookupByName> = { name: 1 };
  expect([args, wrong]).toHaveLength(2);
});
