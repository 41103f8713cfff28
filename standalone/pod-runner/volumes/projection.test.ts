import { expect, test } from "@jest/globals";
import { type Projection, projectedFiles } from "./projection.ts";

const entries = new Map([
  ["userdata", Buffer.from("u")],
  ["networkdata", Buffer.from("n")],
]);
const from = (given: Partial<Projection> = {}): Projection => ({
  source: "secret default/web",
  volume: "cloud",
  ...given,
});
const plain = (projection: Projection) =>
  projectedFiles(entries, projection).map(({ path, mode }) => `${path} ${mode.toString(8)}`);

test.each([
  { when: "all keys", given: {}, want: ["userdata 644", "networkdata 644"] },
  { when: "a mode", given: { defaultMode: 0o400 }, want: ["userdata 400", "networkdata 400"] },
  {
    when: "a group that may read",
    given: { defaultMode: 0o400, fsGroup: 107 },
    want: ["userdata 440", "networkdata 440"],
  },
  { when: "chosen keys", given: { items: [{ key: "userdata", path: "a/b", mode: 0o600 }] }, want: ["a/b 600"] },
  { when: "an optional key", given: { optional: true, items: [{ key: "none", path: "x" }] }, want: [] },
])("$when", ({ given, want }) => expect(plain(from(given))).toEqual(want));

test.each([
  {
    when: "a missing key",
    items: [{ key: "none", path: "x" }],
    says: "volume cloud needs key none of secret default/web: it has userdata, networkdata",
  },
  { when: "a path that leads out", items: [{ key: "userdata", path: "../x" }], says: 'volume cloud has path "../x"' },
  { when: "an absolute path", items: [{ key: "userdata", path: "/x" }], says: "expected a path inside the volume" },
])("$when is refused", ({ items, says }) => expect(() => plain(from({ items }))).toThrow(says));
