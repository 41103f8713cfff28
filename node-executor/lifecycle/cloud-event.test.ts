import { expect, it, test } from "@jest/globals";
import { lifecycleKinds } from "@knvirt/api";
import { cloudEventOf, escaped, type Origin, schemaOf } from "./cloud-event.ts";
import type { News } from "./news.ts";

const origin: Origin = { namespace: "default", name: "web", uid: "vmi-uid", podUid: "pod-uid", node: "node01" };
const news: News = {
  sequence: 7,
  kind: "ioerror",
  time: "2026-01-02T12:00:00.000Z",
  reason: "enospc",
  disk: "root",
  action: "pause",
};

it("is in binary mode, with an id that follows from what it tells", () => {
  expect(cloudEventOf(origin, news)).toEqual({
    id: "pod-uid.7",
    headers: {
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-id": "pod-uid.7",
      "ce-source": "knvirt.dev/nodes/node01",
      "ce-type": "dev.knvirt.vmi.ioerror",
      "ce-subject": "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances/web",
      "ce-time": "2026-01-02T12:00:00.000Z",
      "ce-namespace": "default",
      "ce-name": "web",
    },
    body: JSON.stringify({
      namespace: "default",
      name: "web",
      uid: "vmi-uid",
      pod: "pod-uid",
      node: "node01",
      sequence: 7,
      disk: "root",
      reason: "enospc",
      action: "pause",
    }),
  });
});

test.each(lifecycleKinds)("a %s event says what its schema requires, and nothing else", (kind) => {
  const body = JSON.parse(cloudEventOf(origin, { ...news, kind }).body) as object;
  expect(Object.keys(body)).toEqual((schemaOf(kind) as { required: string[] }).required);
});

test.each([
  { given: "a/b-c.d", want: "a/b-c.d" },
  { given: "a b\r\nce-type: x", want: "a%20b%0D%0Ace-type:%20x" },
  { given: 'say "100%"', want: "say%20%22100%25%22" },
  { given: "é€😀", want: "%C3%A9%E2%82%AC%F0%9F%98%80" },
  { given: "\ud800", want: "%EF%BF%BD" },
])("an attribute $given is sent as $want", ({ given, want }) => expect(escaped(given)).toBe(want));
