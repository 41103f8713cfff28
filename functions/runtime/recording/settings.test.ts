import { recordSettingsOf } from "./settings.ts";

test.each([
  { env: {}, want: undefined },
  { env: { RECORD: "" }, want: undefined },
  { env: { RECORD: "log" }, want: { to: "log" } },
  { env: { RECORD: "/tmp/a" }, want: { to: "file", path: "/tmp/a", limitBytes: 64 * 2 ** 20 } },
  { env: { RECORD: "/tmp/a", RECORD_MIB: "1" }, want: { to: "file", path: "/tmp/a", limitBytes: 2 ** 20 } },
])("$env records $want", ({ env, want }) => expect(recordSettingsOf(env)).toEqual(want));

test.each([
  { env: { RECORD: "true" }, want: 'RECORD is "true": expected log, or the absolute path of a file' },
  { env: { RECORD: "/tmp/a", RECORD_MIB: "0" }, want: 'RECORD_MIB is "0": expected a whole number from 1' },
  { env: { RECORD: "/tmp/a", RECORD_MIB: "many" }, want: 'RECORD_MIB is "many": expected a whole number from 1' },
])("$env is refused", ({ env, want }) => expect(() => recordSettingsOf(env)).toThrow(want));
