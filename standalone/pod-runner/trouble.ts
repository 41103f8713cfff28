// What keeps a pod from starting, and when to try again. Pure.
import type { PodError, PodReason } from "./errors.ts";

export interface Trouble {
  reason: PodReason;
  message: string;
  /** How many times in a row. */
  count: number;
  retryAt: Date;
}

const imageReasons: PodReason[] = ["ErrImagePull", "ErrImageNeverPull", "InvalidImageName"];
const longestPauseSeconds = { image: 300, other: 10 };

/** Registries are asked ever more rarely; what is repaired on this machine or in the API is noticed within seconds. */
export function troubleAfter(before: Trouble | undefined, error: PodError, now: Date): Trouble {
  const count = before?.reason === error.reason ? before.count + 1 : 1;
  const longest = imageReasons.includes(error.reason) ? longestPauseSeconds.image : longestPauseSeconds.other;
  const first = imageReasons.includes(error.reason) ? 5 : 1;
  const seconds = Math.min(longest, first * 2 ** (count - 1));
  return { reason: error.reason, message: error.message, count, retryAt: new Date(now.getTime() + seconds * 1000) };
}

/** The waiting reason kubectl shows: a pull that failed more than once is being backed off from. */
export const waitingReason = ({ reason, count }: Trouble): string => {
  if (reason === "ErrImagePull" && count > 1) return "ImagePullBackOff";
  // Container states have no word for these two; the kubelet says ContainerCreating and tells the rest by an event.
  if (reason === "FailedMount" || reason === "FailedCreatePodSandBox") return "ContainerCreating";
  return reason;
};
