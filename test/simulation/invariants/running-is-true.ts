// An instance is called Running only after its guest has run, and ready only while it did or soon after.
import { isRunning } from "@knvirt/api";
import { hasCondition, type Invariant, ofInstances } from "./invariant.ts";

interface Life {
  hasRun: boolean;
  isRunning: boolean;
  /** When it stopped. */
  ranUntilMs: number;
}

/** So long its executor may go on telling what its launcher said last: it may be out of reach. */
const longestHearsayMs = 120_000;

/** A write that was sent late comes this long after that at most, by a slow network. */
const slowestMs = 60_000;

export const runningIsTrue: Invariant = ({ broken }) => {
  const late: { byMs: number; atMs: number }[] = [];
  /** A write on its way tells of the time when it was sent. */
  const onItsWayMs = (nowMs: number): number =>
    Math.max(0, ...late.filter(({ byMs, atMs }) => atMs + byMs + slowestMs >= nowMs).map(({ byMs }) => byMs));
  const lives = new Map<string, Life>();
  const lifeOf = (uid = ""): Life => {
    const life = lives.get(uid) ?? { hasRun: false, isRunning: false, ranUntilMs: -Infinity };
    lives.set(uid, life);
    return life;
  };
  return {
    late: ({ byMs }, atMs) => void late.push({ byMs, atMs }),
    guest: ({ what, vmi }, atMs) => {
      const life = lifeOf(vmi);
      if (what === "runs") Object.assign(life, { hasRun: true, isRunning: true });
      else if (what === "pauses" || what === "ends") {
        if (life.isRunning) life.ranUntilMs = atMs;
        life.isRunning = false;
      }
    },
    write: ofInstances(({ object, was, is }, atMs) => {
      const life = lifeOf(is.metadata.uid);
      const [isNewlyRunning, isNewlyReady] = [
        isRunning(is) && !(was && isRunning(was)),
        hasCondition(is, "Ready") && !hasCondition(was, "Ready"),
      ];
      if (isNewlyRunning && !life.hasRun) broken(object, "is called Running though its guest never ran");
      if (isNewlyReady && !life.isRunning && atMs - life.ranUntilMs > longestHearsayMs + onItsWayMs(atMs))
        broken(object, "is called ready though its guest does not run");
    }),
  };
};
