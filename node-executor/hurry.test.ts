import { DomainPhase } from "@knvirt/proto";
import { hurry } from "./hurry.ts";
import { aDomain, aPod, at } from "./testing/objects.ts";

const domain = aDomain();
const until = "2026-01-02T12:01:00Z";
const endingPod = (grace: number) => {
  const { metadata, ...pod } = aPod();
  return {
    ...pod,
    metadata: { ...metadata, deletionTimestamp: until, deletionGracePeriodSeconds: grace },
    spec: { ...pod.spec, terminationGracePeriodSeconds: 60 },
  };
};
const seen = { pod: endingPod(30), domain, isReachable: true, hurriedUntil: undefined, now: at("12:00:40.5") };

test.each([
  { when: "it has what is left of the shorter time", given: seen, want: 20 },
  { when: "never more than the pod was given", given: { ...seen, now: at("11:00:00") }, want: 30 },
  { when: "nothing when that is over", given: { ...seen, now: at("12:02:00") }, want: 0 },
])("a guest whose pod was given less time is hurried: $when", ({ given, want }) =>
  expect(hurry(given)).toEqual([{ verb: "hurry", until, graceSeconds: want }]),
);

test.each([
  { when: "its pod does not end", given: { ...seen, pod: aPod() } },
  { when: "its pod ends with its own time", given: { ...seen, pod: endingPod(60) } },
  { when: "it was told before", given: { ...seen, hurriedUntil: until } },
  { when: "its launcher is not there", given: { ...seen, isReachable: false } },
  { when: "nobody knows of it", given: { ...seen, domain: undefined } },
  { when: "it has ended", given: { ...seen, domain: aDomain({ phase: DomainPhase.DOMAIN_PHASE_SHUTOFF }) } },
])("a guest is not hurried when $when", ({ given }) => expect(hurry(given)).toEqual([]));

test("one that was given still less time is told again", () =>
  expect(hurry({ ...seen, hurriedUntil: "2026-01-02T12:05:00Z" })).toHaveLength(1));
