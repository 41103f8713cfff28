// What an encore is made of: one VM of its own, what is done to it, and what goes wrong then.
import fc from "fast-check";
import { deedOf } from "../draw-actions.ts";
import type { Action, Deed, Fault, OfKind, Plan, PlannedGuest, Role, Trouble } from "../plan.ts";
import { span } from "../spans.ts";

/** Times are counted from its begin. */
export interface Encore extends Pick<Plan, "actions" | "faults"> {
  guests: PlannedGuest[];
  lastsMs: number;
}

/** Where it is played. */
export type Ground = Pick<Plan, "host" | "nodes">;
export type Piece = (ground: Ground) => fc.Arbitrary<Encore>;

export const vm = "late-1";

export const second = 1_000;
export const seconds = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: min * second, max: max * second });

/** Who decides, and who tells him what changed. */
export const deciderIn = ({ host }: Ground): Role => (host === "knative" ? "functions" : "controller");
export const followerIn = ({ host }: Ground): Role => (host === "knative" ? "source" : "controller");

export const guest: PlannedGuest = { bootMs: second, startFailures: 0, shutdownMs: second, hangsAtShutdown: false };
export const at = (atMs: number, deed: Deed): Action => ({ ...deed, atMs, user: 1 });
export const from = (atMs: number, trouble: Trouble): Fault => ({ ...trouble, atMs });
export const creation = (strategy: OfKind<Deed, "createVm">["strategy"], isVolatile = false): Deed => ({
  ...{ kind: "createVm", vm, strategy, saysRunning: false, insists: false },
  ...{ cores: 1, containerDisk: false, isVolatile, graceSeconds: 60 },
});

/** By then its guest runs, and functions that sleep have swept and are gone. */
export const upMs = fc.constantFrom(20 * second, 70 * second);
export const strategy = fc.constantFrom("Always" as const, "Always" as const, "RerunOnFailure" as const);

/** Of what runs. */
export const ending = deedOf(["deleteVm", "deleteVmi", "deletePod", "setStrategy", "stop", "restart"], {
  ...{ vm: fc.constant(vm), node: fc.constant(0), forMs: span.trouble, role: fc.constant("gateway" as const) },
});
