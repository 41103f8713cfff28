import { expect, test } from "@jest/globals";
import type { DomainEvent } from "@knvirt/proto";
import { aDomain, at } from "../testing/objects.ts";
import { newsAfter } from "./news.ts";

const now = at("12:00:05");
const event = (changes: Partial<DomainEvent> = {}): DomainEvent => ({
  sequence: 3,
  kind: "ioerror",
  time: at("12:00:00").toISOString(),
  reason: "enospc",
  disk: "root",
  action: "pause",
  ...changes,
});

test.each([
  { when: "it is new", given: event(), want: [event()] },
  { when: "it was told", given: event({ sequence: 2 }), want: [] },
  { when: "its kind is unknown", given: event({ kind: "teleported" }), want: [] },
  { when: "its kind is a name of the language", given: event({ kind: "constructor" }), want: [] },
  { when: "its reason is no word", given: event({ reason: "a\r\nb" }), want: [event({ reason: "unknown" })] },
  { when: "its disk is no name", given: event({ disk: '"><script>' }), want: [event({ disk: "" })] },
  { when: "its time is none", given: event({ time: "soon" }), want: [event({ time: now.toISOString() })] },
  {
    when: "its time is to come",
    given: event({ time: at("13:00:00").toISOString() }),
    want: [event({ time: now.toISOString() })],
  },
])("an event of a launcher when $when", ({ given, want }) =>
  expect(newsAfter(2, aDomain({ events: [given] }), now)).toEqual(want),
);

test("a launcher is heard with its last 32 events, in order", () => {
  const events = Array.from({ length: 50 }, (_, index) => event({ sequence: 100 - index }));
  const news = newsAfter(0, aDomain({ events }), now).map(({ sequence }) => sequence);
  expect(news).toEqual(Array.from({ length: 32 }, (_, index) => 51 + index));
});
