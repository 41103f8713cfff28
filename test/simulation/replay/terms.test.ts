// What the model chose itself is told to a server in the server's own terms.
import { type Terms, termsFrom } from "./terms.ts";

const begun = new Date("2026-05-05T10:00:00Z");
const uid = "0000000a-0000-4000-8000-00000000000a";
const other = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";
const path = "/api/v1/namespaces/default/pods/a";

const object = (given: { uid: string; resourceVersion: string; creationTimestamp: string }) => ({ metadata: given });
const ours = object({ uid, resourceVersion: "7", creationTimestamp: "2026-01-02T12:00:00Z" });
const theirs = object({ uid: other, resourceVersion: "911", creationTimestamp: "2026-05-05T10:00:01Z" });

function learned(): Terms {
  const terms = termsFrom(begun);
  terms.learn(path, ours, theirs);
  return terms;
}

test.each([
  { what: "what the server said", at: path, sent: ours, want: theirs },
  {
    what: "another object's times",
    at: "/other",
    sent: ours.metadata.creationTimestamp,
    want: "2026-01-02T12:00:00Z",
  },
  {
    what: "uids in texts and names",
    at: path,
    sent: { [uid]: `uid is ${uid}` },
    want: { [other]: `uid is ${other}` },
  },
  {
    what: "what a client says of the same second",
    ...{ at: path, sent: { startTime: "2026-01-02T12:00:00Z" }, want: { startTime: "2026-01-02T12:00:00Z" } },
  },
  { what: "a version that nobody has", at: path, sent: { resourceVersion: "8" }, want: { resourceVersion: "8" } },
])("$what", ({ at, sent, want }) => expect(learned().sent<unknown>(at, sent)).toEqual(want));

test.each([
  { when: "the same again", model: "7", server: "911", want: 0 },
  { when: "both are new", model: "8", server: "912", want: 0 },
  { when: "only the model kept its version", model: "7", server: "912", want: 1 },
  { when: "only the server kept its version", model: "8", server: "911", want: 1 },
])("versions: $when", ({ model, server, want }) =>
  expect(learned().learn(path, { resourceVersion: model }, { resourceVersion: server })).toHaveLength(want),
);

test.each([
  { model: "2026-01-02T12:00:00Z", server: "2026-05-05T10:00:03Z", want: true },
  { model: "2026-01-02T12:00:00Z", server: "2026-01-02T12:00:00Z", want: true },
  { model: "2026-01-02T12:00:00Z", server: "2026-01-02T12:00:01Z", want: false },
  { model: "2026-01-02T12:00:00Z", server: undefined, want: false },
])("$model and $server", ({ model, server, want }) => expect(learned().isSameTime(model, server)).toBe(want));
