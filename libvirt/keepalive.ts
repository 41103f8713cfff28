// The watchdog of the daemon: silence is answered by pings, and too many unanswered pings by giving up on it.

export interface KeepaliveOptions {
  /** How long the daemon may be silent before it is pinged. */
  intervalSeconds: number;
  /** How many pings may stay unanswered. */
  count: number;
}

/** Procedures of the keepalive program. */
export const keepaliveProcedures = { ping: 1, pong: 2 } as const;

export interface Watchdog {
  /** Something was heard: anything counts, as in libvirt itself. */
  alive(): void;
  stop(): void;
}

export function watchdog(
  { intervalSeconds, count }: KeepaliveOptions,
  daemon: { isListening(): boolean; ping(): void; expire(): void },
): Watchdog {
  let heard = true;
  let unanswered = 0;
  const timer = setInterval(() => {
    if (heard || !daemon.isListening()) unanswered = 0;
    else if (unanswered === count) daemon.expire();
    else {
      unanswered++;
      daemon.ping();
    }
    heard = false;
  }, intervalSeconds * 1000);
  timer.unref();
  return {
    alive: () => {
      heard = true;
    },
    stop: () => clearInterval(timer),
  };
}
