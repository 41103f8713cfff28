// What can happen to a guest, as launchers tell it to executors and executors tell the world.

export const lifecycleKinds = [
  "started",
  "paused",
  "resumed",
  "rebooted",
  "watchdog",
  "ioerror",
  "panicked",
  "agentconnected",
  "agentdisconnected",
  "shuttingdown",
  "shutdown",
  "stopped",
  "crashed",
] as const;

export type LifecycleKind = (typeof lifecycleKinds)[number];
