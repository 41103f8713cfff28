// Until when something is put off, as somebody's clock said it.

/**
 * 0 when it is over, when nobody said when it would be, and when it is further off than any such wait: a clock that is
 * wrong said so.
 */
export function secondsUntil(timeMs: number, now: Date, mostSeconds: number): number {
  const seconds = (timeMs - now.getTime()) / 1000;
  return seconds > 0 && seconds <= mostSeconds ? seconds : 0;
}
