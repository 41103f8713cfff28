import { remove, requeue } from "../runtime/intents.ts";
import { aPod, aVmi } from "../testing/builders.ts";
import { endPod } from "./end-pod.ts";

const made = { terminationGracePeriodSeconds: 60 };
const pod = aPod({ spec: made });
const leaving = (deletionGracePeriodSeconds: number) =>
  aPod({ spec: made, metadata: { deletionTimestamp: "2026-01-02T12:00:00Z", deletionGracePeriodSeconds } });
const collected = (lastTransitionTime?: string) => {
  const mark = { type: "DisruptionTarget", status: "True", reason: "DeletionByPodGC" } as const;
  const conditions = [{ ...mark, ...(lastTransitionTime && { lastTransitionTime }) }];
  return aPod({ spec: made, status: { phase: "Failed", conditions } });
};
const evicted = aPod({
  status: { conditions: [{ type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI" }] },
});
const now = new Date("2026-01-02T12:00:30Z");
const given = (terminationGracePeriodSeconds?: number) =>
  aVmi({
    spec: { domain: {}, ...(terminationGracePeriodSeconds !== undefined && { terminationGracePeriodSeconds }) },
  });

test.each([
  { when: "there is no pod", vmi: given(), pod: undefined, want: [] },
  { when: "it ends with its own grace", vmi: given(), pod, want: [remove(pod)] },
  { when: "it is ending", vmi: given(), pod: leaving(60), want: [] },
  { when: "the instance was given less time", vmi: given(5), pod, want: [remove(pod, 5)] },
  { when: "it is given less time while it ends", vmi: given(5), pod: leaving(60), want: [remove(leaving(60), 5)] },
  { when: "it has less time than that already", vmi: given(5), pod: leaving(5), want: [] },
  { when: "it is ended by force", vmi: given(0), pod, want: [remove(pod, 1)] },
  {
    when: "the garbage collector of pods is about to delete it",
    vmi: given(0),
    pod: collected("2026-01-02T12:00:00Z"),
    want: [requeue(90)],
  },
  {
    when: "it does not for long",
    vmi: given(),
    pod: collected("2026-01-02T11:58:30Z"),
    want: [remove(collected("2026-01-02T11:58:30Z"))],
  },
  {
    when: "a wrong clock said when it would",
    vmi: given(),
    pod: collected("2026-01-03T12:00:00Z"),
    want: [remove(collected("2026-01-03T12:00:00Z"))],
  },
  { when: "nobody said when it would", vmi: given(), pod: collected(), want: [remove(collected())] },
  { when: "somebody else is about to delete it", vmi: given(), pod: evicted, want: [remove(evicted)] },
  { when: "it is being ended by force", vmi: given(0), pod: leaving(1), want: [] },
])("$when", ({ vmi, pod, want }) => expect(endPod({ vmi, pod, now })).toEqual(want));
