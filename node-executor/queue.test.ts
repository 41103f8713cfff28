import { afterEach, expect, it, test } from "@jest/globals";
import { type Clock, systemClock } from "@knvirt/kubernetes";
import { eventually } from "../test/support/eventually.ts";
import { keyedQueue, type Queue } from "./queue.ts";

let queue: Queue;
afterEach(() => queue.close());

/** Work that is under way until the test lets it end. */
function gated() {
  const begun: string[] = [];
  const errors: unknown[] = [];
  const gates = new Map<string, (next?: number | Error) => void>();
  queue = keyedQueue({
    run: (key) => {
      begun.push(key);
      return new Promise((resolve, reject) => {
        gates.set(key, (next) => (next instanceof Error ? reject(next) : resolve(next)));
      });
    },
    onError: (error) => errors.push(error),
  });
  return { begun, errors, end: (key: string, next?: number | Error) => gates.get(key)?.(next) };
}

it("does not let a slow key delay another one", async () => {
  const { begun, end } = gated();
  queue.add("slow");
  queue.add("quick");
  await eventually(() => begun.includes("quick"));
  end("slow");
  end("quick");
});

it("runs a key one at a time, and once more for all that came meanwhile", async () => {
  const { begun, end } = gated();
  queue.add("a");
  await eventually(() => begun.length === 1);
  for (let n = 0; n < 5; n += 1) queue.add("a");
  end("a");
  await eventually(() => begun.length === 2);
  end("a");
  queue.add("b");
  await eventually(() => begun.at(-1) === "b");
  expect(begun).toEqual(["a", "a", "b"]);
  end("b");
});

it("comes again when it was asked to", async () => {
  const { begun, end } = gated();
  queue.add("a");
  await eventually(() => begun.length === 1);
  end("a", 10);
  await eventually(() => begun.length === 2);
  end("a");
});

test.each([
  { when: "before", add: [60_000, 10] },
  { when: "afterwards", add: [10, 60_000] },
])("comes as early as anybody asked for, though another asked for later $when", async ({ add }) => {
  const { begun, end } = gated();
  for (const afterMs of add) queue.add("a", afterMs);
  await eventually(() => begun.length === 1);
  queue.add("a");
  end("a", 60_000); // what came while it ran is looked at before that
  await eventually(() => begun.length === 2);
  end("a");
});

it("tells of a failure and tries again", async () => {
  const { begun, errors, end } = gated();
  queue.add("a");
  await eventually(() => begun.length === 1);
  end("a", new Error("no luck"));
  await eventually(() => begun.length === 2);
  expect(errors).toEqual([new Error("no luck")]);
  end("a");
});

it("tries again later and later, and each half a minute at last", async () => {
  const waits: number[] = [];
  const clock: Clock = {
    ...systemClock,
    after: (milliseconds, run) => {
      waits.push(milliseconds);
      return systemClock.after(0, run);
    },
  };
  queue = keyedQueue({ run: () => Promise.reject(new Error("no luck")), onError: () => undefined, clock });
  queue.add("a");
  await eventually(() => waits.length >= 9);
  expect(waits.slice(0, 9)).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});
