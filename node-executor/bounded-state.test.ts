import { expect, it } from "@jest/globals";
import { DomainState } from "@knvirt/proto";
import { boundedState } from "./bounded-state.ts";
import { absent, aDomain } from "./testing/objects.ts";

const many = <T>(entry: T): T[] => Array.from({ length: 10_000 }, () => entry);
const long = "\u{1f600}".repeat(10_000);

it("keeps what a guest can have as it is", () => {
  const guest = {
    fsFreezeStatus: "frozen",
    missingCommands: ["guest-info"],
    os: undefined,
    accessCredentials: undefined,
  };
  const state = aDomain({ guest, guestInterfaces: [{ name: "eth1", mac: "", addresses: ["fe80::1"] }] });
  expect(boundedState(state)).toEqual(state);
});

it("leaves out what no guest can have", () => {
  const told: DomainState = {
    ...absent,
    reason: long,
    guest: {
      fsFreezeStatus: long,
      missingCommands: many(long),
      os: undefined,
      accessCredentials: { isSynchronized: false, message: long },
    },
    guestInterfaces: many({ name: "eth1", mac: long, addresses: many("10.0.0.1") }),
    events: Array.from({ length: 10_000 }, (_, sequence) => ({
      ...{ sequence, kind: "paused", time: "", reason: "", disk: "", action: "" },
    })),
  };
  const kept = boundedState(told);
  expect([kept.reason.length, kept.guest?.accessCredentials?.message.length]).toEqual([1024, 1024]);
  expect(kept.reason.isWellFormed()).toBe(true);
  expect([kept.guestInterfaces.length, kept.guestInterfaces[0]?.addresses.length]).toEqual([256, 256]);
  expect([kept.events.length, kept.events.at(-1)?.sequence]).toEqual([256, 9_999]);
  expect(DomainState.encode(kept).finish().length).toBeLessThan(2 * 1024 * 1024);
});
