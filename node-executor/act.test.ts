import { expect, test } from "@jest/globals";
import { systemClock } from "@knvirt/kubernetes";
import { pino } from "pino";
import { act, type Hands } from "./act.ts";
import { ExecutorError } from "./errors.ts";
import type { LauncherConnection } from "./launcher-connection.ts";
import type { Session } from "./sessions.ts";
import { aPod, at, aVmi } from "./testing/objects.ts";

const vmi = aVmi();
/** A node on which nothing has to be done, an hour after its wall clock was set back. */
const hands: Partial<Hands> = {
  host: {
    prepareNetwork: async () => [],
    prepareLauncher: async () => ({ unpackedAt: "", smallDisks: [] }),
    capabilities: async () => [],
    cursors: { read: () => undefined, write: async () => undefined },
  },
  log: pino({ enabled: false }),
  clock: { ...systemClock, now: () => at("11:00:00"), elapsedMs: () => 5_000 },
};
const refusal = new ExecutorError("LauncherUnreachable", "launcher of pod pod-uid does not answer");

test.each([
  {
    when: "agreed to is looked after when it should have had consequences",
    start: async () => undefined,
    want: { lookAgain: 10_000, startedAtMs: 5_000, failure: undefined },
  },
  {
    when: "refused is decided on at once",
    start: () => Promise.reject(refusal),
    want: { lookAgain: 0, startedAtMs: undefined, failure: expect.objectContaining({ atMs: 5_000, count: 1 }) },
  },
])("a start that is $when", async ({ start, want }) => {
  const launcher: Partial<LauncherConnection> = { start };
  const session: Session = {
    pod: aPod(),
    podUid: "pod-uid",
    vmi: { namespace: "default", name: "web" },
    launcher: launcher as LauncherConnection,
  };
  const lookAgain = await act(hands as Hands, session, [{ verb: "startDomain", vmi }]);
  expect({ lookAgain, startedAtMs: session.startedAtMs, failure: session.failure }).toEqual(want);
});
