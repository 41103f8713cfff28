import { expect, it, test } from "@jest/globals";
import type { VirtualMachineInstance } from "@knvirt/api";
import { type Pod, systemClock } from "@knvirt/kubernetes";
import type { Launcher } from "./launchers.ts";
import { isRunning, observe } from "./observe.ts";
import type { Session } from "./sessions.ts";
import { absent, aDomain, aPod, at, aVmi, node } from "./testing/objects.ts";
import type { VmiCopies } from "./vmi-copies.ts";

const clock = { ...systemClock, now: () => at("12:00:05"), elapsedMs: () => 5_000 };
type Seen = Partial<Pick<Launcher, "domain" | "isReachable" | "reachableSinceMs">>;
const sessionOf = (launcher: Seen, changes: Partial<Session> = {}): Session => ({
  pod: aPod(),
  podUid: "pod-uid",
  vmi: { namespace: "default", name: "web" },
  launcher: launcher as Launcher,
  ...changes,
});

/** One copy here, and what the API server would answer to a read. */
function sources(kept: VirtualMachineInstance | undefined, isFollowed: boolean, stored = kept) {
  const reads = { count: 0 };
  const copies: Partial<VmiCopies> = {
    get: () => kept,
    isFollowed: () => isFollowed,
    fetch: async () => {
      reads.count += 1;
      return stored;
    },
  };
  return { reads, sources: { node, copies: copies as VmiCopies, newsOf: () => [], clock } };
}

test.each([
  { when: "none is known", kept: undefined, followed: false, domain: absent, reads: 1 },
  { when: "a copy is there before the guest runs", kept: aVmi(), followed: false, domain: absent, reads: 0 },
  {
    when: "the watch does not know it and its status comes next",
    kept: aVmi(),
    followed: false,
    domain: aDomain(),
    reads: 1,
  },
  { when: "the watch follows it", kept: aVmi(), followed: true, domain: aDomain(), reads: 0 },
])("reads the instance $reads times when $when", async ({ kept, followed, domain, reads }) => {
  const given = sources(kept, followed, aVmi());
  expect((await observe(given.sources, sessionOf({ domain }))).vmi).toEqual(aVmi());
  expect(given.reads.count).toBe(reads);
});

it("does not take a successor for the instance that the pod was made for", async () => {
  const successor = aVmi({ metadata: { ...aVmi().metadata, uid: "another" } });
  expect((await observe(sources(successor, true).sources, sessionOf({}))).vmi).toBeUndefined();
});

test.each([
  { when: "by the launcher that answers now", reachableSinceMs: 0, startedAtMs: 1_000, want: 1_000 },
  { when: "at the same moment", reachableSinceMs: 0, startedAtMs: 0, want: 0 },
  { when: "by one that has died since", reachableSinceMs: 2_000, startedAtMs: 1_000, want: undefined },
  { when: "by one that is away", reachableSinceMs: undefined, startedAtMs: 1_000, want: 1_000 },
])("knows a start that was agreed to $when as $want", async ({ reachableSinceMs, startedAtMs, want }) => {
  const session = sessionOf({ reachableSinceMs }, { startedAtMs });
  expect((await observe(sources(aVmi(), true).sources, session)).startedAtMs).toBe(want);
});

it("tells what the wall says beside how long ago things were", async () => {
  const { now, nowMs } = await observe(sources(aVmi(), true).sources, sessionOf({}));
  expect([now, nowMs]).toEqual([at("12:00:05"), 5_000]);
});

const inPhase = (phase: "Pending" | "Running" | "Succeeded"): Pod => ({ ...aPod(), status: { phase } });
const ended: Pod = aPod();
for (const container of ended.status?.containerStatuses ?? []) container.state = { terminated: { exitCode: 0 } };

test.each([
  { when: "runs", pod: aPod(), want: true },
  { when: "runs and says nothing of containers", pod: inPhase("Running"), want: true },
  { when: "is pending", pod: inPhase("Pending"), want: false },
  { when: "has succeeded", pod: inPhase("Succeeded"), want: false },
  { when: "has a launcher that ended", pod: ended, want: false },
])("a pod that $when: $want", ({ pod, want }) => expect(isRunning(pod)).toBe(want));
