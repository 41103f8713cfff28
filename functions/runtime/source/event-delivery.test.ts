import { virtualMachines } from "@knvirt/api";
import { manualClock } from "../../testing/manual-clock.ts";
import type { ObjectChange } from "../event-source.ts";
import { deliverEvent } from "./event-delivery.ts";
import type { Line, Message } from "./line.ts";

const { apiVersion, kind } = virtualMachines;
const change: ObjectChange = {
  type: "update",
  of: virtualMachines,
  reference: { apiVersion, kind, namespace: "default", name: "web" },
};

/** Functions that are away for so many requests. */
function rig(awayFor: number) {
  const clock = manualClock();
  const closed = new AbortController();
  const sent: { atMs: number; message: Message }[] = [];
  const dropped: unknown[] = [];
  const line: Line = {
    signal: closed.signal,
    post: async (message) => {
      sent.push({ atMs: clock.elapsedMs(), message });
      if (sent.length <= awayFor) throw new Error("connection refused");
      return "";
    },
  };
  const newId = () => `id-${sent.length}`;
  const ids = () => sent.map(({ message }) => message.headers?.["ce-id"]);
  const onDropped = (_change: ObjectChange, cause: unknown) => dropped.push(cause);
  const delivered = deliverEvent({ line, sender: "knvirt.dev/test", newId, onDropped, clock }, change);
  return { clock, closed, delivered, dropped, sent, ids, times: () => sent.map(({ atMs }) => atMs) };
}

test.each([
  { when: "functions are there", awayFor: 0, times: [0], dropped: 0 },
  { when: "functions come back", awayFor: 2, times: [0, 200, 600], dropped: 0 },
  { when: "functions stay away", awayFor: 9, times: [0, 200, 600, 1400, 3000], dropped: 1 },
])("a change is sent at $times ms when $when", async ({ awayFor, times, dropped: want }) => {
  const { clock, delivered, dropped, ids, times: sentAt } = rig(awayFor);
  await clock.pass(60_000);
  await delivered;
  expect(sentAt()).toEqual(times);
  expect(new Set(ids())).toEqual(new Set(["id-0"]));
  expect(dropped).toHaveLength(want);
});

test("an event says in its headers what it is, and in its body what changed", async () => {
  const { delivered, sent } = rig(0);
  await delivered;
  const [{ message } = {}] = sent;
  expect(message?.headers).toMatchObject({
    "ce-id": "id-0",
    "ce-source": "knvirt.dev/test",
    "ce-type": "dev.knative.apiserver.ref.update",
    "ce-subject": "/apis/kubevirt.io/v1/namespaces/default/virtualmachines/web",
  });
  expect(JSON.parse(message?.body ?? "")).toEqual(change.reference);
});

test("when the line is closed, nothing more is sent, and nothing is said to be dropped", async () => {
  const { clock, closed, delivered, dropped, times } = rig(9);
  await clock.pass(300);
  closed.abort();
  await delivered;
  await clock.pass(60_000);
  expect(times()).toEqual([0, 200]);
  expect(dropped).toEqual([]);
});
