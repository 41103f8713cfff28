import { expect, test } from "@jest/globals";
import { sinkOf } from "./sink.ts";

test.each([
  { given: "http://127.0.0.1:8080", want: "http://127.0.0.1:8080/" },
  { given: "https://events.example.com/guests?of=here", want: "https://events.example.com/guests?of=here" },
  { given: "http://broker-ingress.knative-eventing.svc.cluster.local/default/default", want: undefined },
])("$given is a sink", ({ given, want }) => expect(sinkOf(given)).toBe(want ?? given));

test.each(["", "127.0.0.1:8080", "file:///etc/passwd", "http://user:secret@host/", "http://"])(
  "%j is none",
  (given) => {
    expect(() => sinkOf(given)).toThrow(`option --events is ${JSON.stringify(given)}: expected a URL`);
  },
);
