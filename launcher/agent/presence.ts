// When others are told that the agent came or went: a guest may open and close its end as fast as it likes, and each
// change that is told costs a write to the API server. Pure but for what it remembers.

/** After a change the next one is told so late at the earliest. */
export const steadyMs = 10_000;
/** An agent that has just come is told of together with its first answers, if those do not take longer. */
export const firstAnswersMs = 3_000;

export interface Sight {
  isConnected: boolean;
  /** The agent has answered, or failed to, since it came. */
  hasAnswered: boolean;
  nowMs: number;
}

export class Presence {
  #isShown = false;
  #shownAtMs = Number.NEGATIVE_INFINITY;
  #cameAtMs: number | undefined;

  /** Whether it is there, as others see it; and when to look again, where that is not what was seen now. */
  see({ isConnected, hasAnswered, nowMs }: Sight): { isShown: boolean; againInMs?: number } {
    this.#cameAtMs = isConnected ? (this.#cameAtMs ?? nowMs) : undefined;
    if (isConnected === this.#isShown) return { isShown: this.#isShown };
    const mayChangeAtMs = Math.max(this.#shownAtMs + steadyMs, this.#answersAtMs(hasAnswered, nowMs));
    if (mayChangeAtMs > nowMs) return { isShown: this.#isShown, againInMs: mayChangeAtMs - nowMs };
    this.#isShown = isConnected;
    this.#shownAtMs = nowMs;
    return { isShown: isConnected };
  }

  #answersAtMs(hasAnswered: boolean, nowMs: number): number {
    if (this.#cameAtMs === undefined || hasAnswered) return nowMs;
    return this.#cameAtMs + firstAnswersMs;
  }
}
