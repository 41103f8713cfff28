import { expect, test } from "@jest/globals";
import { firstAnswersMs, Presence, type Sight, steadyMs } from "./presence.ts";

const seen = (nowMs: number, isConnected: boolean, hasAnswered = isConnected): Sight => ({
  nowMs,
  isConnected,
  hasAnswered,
});
const shown = (isShown: boolean, againInMs?: number) =>
  againInMs === undefined ? { isShown } : { isShown, againInMs };

test.each<{ when: string; given: Sight[]; want: object[] }>([
  { when: "nobody ever came", given: [seen(0, false)], want: [shown(false)] },
  { when: "an agent that answered is told of at once", given: [seen(0, true)], want: [shown(true)] },
  {
    when: "one that does not answer is waited for, for a moment",
    given: [seen(0, true, false), seen(1_000, true, false), seen(firstAnswersMs, true, false)],
    want: [shown(false, firstAnswersMs), shown(false, firstAnswersMs - 1_000), shown(true)],
  },
  {
    when: "one that goes soon is told of later",
    given: [seen(0, true), seen(1_000, false), seen(steadyMs, false)],
    want: [shown(true), shown(true, steadyMs - 1_000), shown(false)],
  },
  {
    when: "one that was away for a moment was never away",
    given: [seen(0, true), seen(1_000, false), seen(2_000, true), seen(steadyMs, true)],
    want: [shown(true), shown(true, steadyMs - 1_000), shown(true), shown(true)],
  },
  {
    when: "one that stayed long is told to be gone at once",
    given: [seen(0, true), seen(60_000, false)],
    want: [shown(true), shown(false)],
  },
])("$when", ({ given, want }) => {
  const presence = new Presence();
  expect(given.map((sight) => presence.see(sight))).toEqual(want);
});

test("a guest that flaps costs two changes in twenty seconds, not two thousand", () => {
  const presence = new Presence();
  const told = Array.from({ length: 2_000 }, (_, index) => presence.see(seen(index * 10, index % 2 === 0)).isShown);
  expect(told.filter((isShown, index) => index > 0 && isShown !== told[index - 1])).toHaveLength(1);
});
