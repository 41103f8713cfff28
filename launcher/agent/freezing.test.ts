import { afterEach, expect, test } from "@jest/globals";
import { eventually } from "../../test/support/eventually.ts";
import type { Log } from "../log.ts";
import type { Life, LifeRecord } from "../record.ts";
import { Freezing } from "./freezing.ts";
import { answering } from "./testing/answering.ts";

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The record as it is in memory, and on a disk that is full from the nth write on. */
function aLife(roomFor: number, record: LifeRecord = {}): Life & { kept: LifeRecord } {
  let left = roomFor;
  const life = {
    record,
    kept: record,
    update: async (change: LifeRecord) => {
      life.record = { ...life.record, ...change };
      left -= 1;
      if (left < 0) throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
      life.kept = life.record;
    },
  };
  return life;
}

function aGuest(life: Life, failure?: Error) {
  const state = { is: "thawed", told: "" };
  const channel = answering((execute) => {
    if (execute === "guest-fsfreeze-freeze") state.is = "frozen";
    if (execute === "guest-fsfreeze-freeze" && failure) throw failure;
    if (execute === "guest-fsfreeze-thaw") state.is = "thawed";
    return execute === "guest-fsfreeze-status" ? state.is : 1;
  });
  const changed = (is: string) => {
    state.told = is;
  };
  const freezing = new Freezing({ channel, life, log: log as Log, changed });
  open.push(freezing);
  return { freezing, state };
}

const open: Freezing[] = [];
afterEach(() => {
  for (const freezing of open.splice(0)) freezing.close();
});

test("is not begun when nobody would know of it afterwards", async () => {
  const { freezing, state } = aGuest(aLife(0));
  await expect(freezing.freeze(1)).rejects.toThrow("no space left");
  expect(state).toEqual({ is: "thawed", told: "" });
});

test("ends in its time on a disk that got full meanwhile", async () => {
  const { freezing, state } = aGuest(aLife(1));
  await freezing.freeze(0.05);
  expect(state).toEqual({ is: "frozen", told: "frozen" });
  await eventually(() => state.told === "thawed");
  expect(state.is).toBe("thawed");
});

test("ends at once when it was not answered", async () => {
  const { freezing, state } = aGuest(aLife(9), new Error("the daemon died"));
  await expect(freezing.freeze(60)).rejects.toThrow("the daemon died");
  await eventually(() => state.told === "thawed");
  expect(state.is).toBe("thawed");
});

test("ends in its time in another process", async () => {
  const life = aLife(9);
  const before = aGuest(life);
  await before.freezing.freeze(0.05);
  before.freezing.close();
  const { state } = aGuest(aLife(9, life.kept));
  await eventually(() => state.told === "thawed");
});

test("is told to be over on a full disk too", async () => {
  const { freezing, state } = aGuest(aLife(0));
  await freezing.thaw();
  expect(state.told).toBe("thawed");
});
