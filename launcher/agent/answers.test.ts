import { expect, test } from "@jest/globals";
import { flag, integer, list, number, record, text } from "./answers.ts";
import { freezeStatus, info, interfaces, users } from "./commands.ts";

test.each([
  { when: "a text", read: text(), given: "Debian", want: "Debian" },
  { when: "a text that is too long", read: text(3), given: "Debian", want: "Deb" },
  { when: "a text with an escape sequence", read: text(), given: "a\u001b[2Jb\nc", want: "a[2Jbc" },
  { when: "a text with half a character", read: text(), given: "a\ud800b", want: "a\ufffdb" },
  { when: "a text that is cut within a character", read: text(2), given: "a\u{1f600}", want: "a\ufffd" },
  { when: "no text", read: text(), given: 7, want: undefined },
  { when: "a number that JSON cannot hold", read: number, given: Number.POSITIVE_INFINITY, want: undefined },
  { when: "a whole number", read: integer, given: -7, want: -7 },
  { when: "a part of a number", read: integer, given: 1.5, want: undefined },
  { when: "a number beyond all counting", read: integer, given: 1e300, want: undefined },
  { when: "a flag", read: flag, given: false, want: false },
  { when: "a list that is too long", read: list(number, 2), given: [1, 2, 3], want: [1, 2] },
  { when: "a list with something else in it", read: list(number, 9), given: [1, "x", null, 2], want: [1, 2] },
  { when: "no list", read: list(number, 9), given: { length: 1 }, want: undefined },
  { when: "a field that is not readable", read: record({ a: text() }), given: { a: 1, b: "b" }, want: {} },
  { when: "a field of every object", read: record({ constructor: text() }), given: {}, want: {} },
  { when: "no object", read: record({ a: text() }), given: ["a"], want: undefined },
])("$when is read as $want", ({ read, given, want }) => expect(read(given)).toEqual(want));

const one = { name: "eth0", "hardware-address": "02:00:00:00:00:01" };

test.each([
  {
    when: "interfaces with what is no address",
    read: interfaces.reads,
    given: [{ ...one, "ip-addresses": [{ "ip-address": "10.0.0.2" }, { "ip-address": "$(reboot)" }] }],
    want: [{ ...one, "ip-addresses": [{ "ip-address": "10.0.0.2" }, {}] }],
  },
  {
    when: "more interfaces than are looked at",
    read: interfaces.reads,
    given: Array.from({ length: 100_000 }, () => one),
    want: Array.from({ length: 64 }, () => one),
  },
  { when: "users that are no list", read: users.reads, given: "root", want: undefined },
  {
    when: "commands that are deeply nested",
    read: info.reads,
    given: { version: "9.2", supported_commands: [[[[]]]] },
    want: { version: "9.2", supported_commands: [] },
  },
  { when: "a status of another type", read: freezeStatus.reads, given: {}, want: undefined },
])("$when", ({ read, given, want }) => expect((read as (value: unknown) => unknown)(given)).toEqual(want));
