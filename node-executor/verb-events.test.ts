import { expect, test } from "@jest/globals";
import type { CallRequest } from "@knvirt/proto";
import type { EventText } from "./events.ts";
import { aVmi } from "./testing/objects.ts";
import { withEvents } from "./verb-events.ts";

const key = { namespace: "default", name: "web" };
const [reset, softReboot]: CallRequest["verb"][] = [
  { $case: "reset", value: {} },
  { $case: "softReboot", value: {} },
];
const [pause, freeze]: CallRequest["verb"][] = [
  { $case: "pause", value: {} },
  { $case: "freeze", value: { timeoutSeconds: 0 } },
];

test.each([
  { when: "a reset", verb: reset, failure: undefined, want: ["Reset"] },
  { when: "a soft reboot", verb: softReboot, failure: undefined, want: ["SoftRebooted"] },
  { when: "a reset that failed", verb: reset, failure: "away", want: [] },
  { when: "a pause, which the guest's life tells", verb: pause, failure: undefined, want: [] },
  { when: "a freeze", verb: freeze, failure: undefined, want: [] },
  { when: "a freeze that failed", verb: freeze, failure: "no agent", want: ["FreezeError"] },
])("$when: $want", async ({ verb, failure, want }) => {
  const told: EventText[] = [];
  const asked = withEvents(
    {
      call: async () => {
        if (failure) throw new Error(failure);
        return { json: "", png: Buffer.alloc(0) };
      },
    },
    {
      copies: { get: () => aVmi() },
      recorder: {
        mention: (_about, event) => void told.push(event),
      },
    },
  ).call({ ...key, verb });
  await (failure ? expect(asked).rejects.toThrow(failure) : asked);
  expect(told.map(({ reason }) => reason)).toEqual(want);
});
