// Something happened: whoever waits for that is woken, and whoever comes to wait afterwards does not sleep through it.
export interface Bell {
  ring(): void;
  /** Resolves when it rings, or rang since the last time; after so long at the latest. */
  within(ms: number): Promise<void>;
}

export function bell(): Bell {
  let rang = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      rang = true;
      wake?.();
    },
    within: async (ms) => {
      if (!rang)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      rang = false;
      wake = undefined;
    },
  };
}
