import { expect, it } from "@jest/globals";
import type { StatsReply } from "@knvirt/proto";
import { type Source, samples } from "./samples.ts";

const reply = (value: number): StatsReply => ({ sampledAtMs: 0, numbers: { value }, texts: {} });

/** A source that counts how often it is asked, and answers what the test says. */
function source(podUid: string, answer: (asked: number) => Promise<StatsReply>): Source & { asked: number } {
  const counted = {
    podUid,
    asked: 0,
    stats: () => {
      counted.asked += 1;
      return answer(counted.asked);
    },
  };
  return counted;
}

function clocked() {
  const clock = { ms: 0 };
  const errors: unknown[] = [];
  return { clock, errors, kept: samples({ now: () => clock.ms, onError: (_uid, error) => errors.push(error) }) };
}

it("asks again only when the last answer is old enough", async () => {
  const { clock, kept } = clocked();
  const guest = source("a", async (asked) => reply(asked));
  await kept.collect([guest]);
  clock.ms = 3_249;
  expect((await kept.collect([guest])).get("a")).toEqual(reply(1));
  clock.ms = 3_250;
  expect((await kept.collect([guest])).get("a")).toEqual(reply(2));
  expect(guest.asked).toBe(2);
});

it("waits about a second for a guest that does not answer, asks it once, and shows its last figures until they are old", async () => {
  const { clock, kept } = clocked();
  const hung = source("a", (asked) => (asked === 1 ? Promise.resolve(reply(1)) : new Promise(() => undefined)));
  const quick = source("b", async (asked) => reply(asked));
  await kept.collect([hung, quick]);
  clock.ms = 5_000;
  const began = performance.now();
  const [first, second] = await Promise.all([kept.collect([hung, quick]), kept.collect([hung, quick])]);
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(first).toEqual(second);
  expect([first.get("a"), first.get("b")]).toEqual([reply(1), reply(2)]);
  expect(hung.asked).toBe(2);
  clock.ms = 12_001;
  expect((await kept.collect([hung])).size).toBe(0);
});

it("does not fail when a guest does", async () => {
  const { errors, kept } = clocked();
  const failing = source("a", () => Promise.reject(new Error("no domain")));
  expect((await kept.collect([failing])).size).toBe(0);
  expect(errors).toEqual([new Error("no domain")]);
});

it("tells of a guest that goes on failing once, and again when it fails after an answer", async () => {
  const { clock, errors, kept } = clocked();
  const answers = ["fails", "fails", "answers", "fails"];
  const guest = source("a", async (asked) => {
    if (answers[asked - 1] === "fails") throw new Error(`failure ${asked}`);
    return reply(asked);
  });
  for (const _ of answers) {
    await kept.collect([guest]);
    clock.ms += 15_000;
  }
  expect(errors).toEqual([new Error("failure 1"), new Error("failure 4")]);
});

it("forgets a guest that is gone", async () => {
  const { kept } = clocked();
  await kept.collect([source("a", async () => reply(1))]);
  expect((await kept.collect([])).size).toBe(0);
});
