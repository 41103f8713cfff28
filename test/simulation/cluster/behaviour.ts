// How a guest behaves in its life, as the plan of a run has it.

export interface GuestBehaviour {
  /** From the start of its processors until it hears its power button. */
  bootMs: number;
  /** So many times starting it fails in a way that may pass by itself. */
  startFailures: number;
  /** libvirt refuses it for good: the launcher ends with it. */
  isRefused?: boolean;
  /** It hears its power button and does not end. */
  hangsAtShutdown: boolean;
  shutdownMs: number;
  /** What it does by itself, counted from its start. */
  ends?: readonly { afterMs: number; how: "crash" | "powerOff" | "reboot" }[];
}
