import { parseQuestion } from "./question.ts";

test.each([
  { words: "liveness 1 ping", want: { purpose: "liveness", timeoutSeconds: 1, command: [] } },
  {
    words: "readiness 5 exec /bin/check --fast",
    want: { purpose: "readiness", timeoutSeconds: 5, command: ["/bin/check", "--fast"] },
  },
])("$words", ({ words, want }) => expect(parseQuestion(words.split(" "))).toEqual(want));

test.each(["", "startup 1 ping", "liveness 0 ping", "liveness x ping", "liveness 1 ping now", "liveness 1 exec"])(
  "%p is refused",
  (words) => expect(() => parseQuestion(words.split(" "))).toThrow("expected readiness or liveness"),
);
