// A plan in words, one line for each part of it.
import type {
  Action,
  ActionKind,
  Deed,
  Fault,
  FaultKind,
  OfKind,
  Plan,
  PlannedGuest,
  Target,
  Trouble,
} from "./plan.ts";

/** Sorted by time: first how the world is, then who does what. */
export function planInWords(plan: Plan): string[] {
  const timed = [
    ...plan.actions.map((action) => ({ atMs: action.atMs, text: actionInWords(action) })),
    ...plan.faults.map((fault) => ({ atMs: fault.atMs, text: faultInWords(fault) })),
  ];
  const sorted = timed.toSorted((a, b) => a.atMs - b.atMs);
  return [...groundInWords(plan), ...sorted.map(({ atMs, text }) => `${timeOf(atMs)}  ${text}`)];
}

const timeOf = (atMs: number): string => `${(atMs / 1000).toFixed(3).padStart(10)} s`;

export const duration = (milliseconds: number): string =>
  milliseconds < 1_000
    ? `${milliseconds} ms`
    : milliseconds < 120_000
      ? `${round(milliseconds / 1_000)} s`
      : milliseconds < 7_200_000
        ? `${round(milliseconds / 60_000)} min`
        : `${round(milliseconds / 3_600_000)} h`;

const round = (count: number): number => Math.round(count * 10) / 10;
const percent = (share: number): string => `${round(share * 100)} %`;
const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

function groundInWords({ nodes, host, replicas, network, guests, lastsMs }: Plan): string[] {
  const lines = [
    `${plural(nodes, "node")}, functions ${host === "knative" ? "on Knative, at most" : "in"} ${plural(replicas, host === "knative" ? "pod" : "controller")}`,
    `network: ${networkInWords({ ...network, overload: 0 })}`,
  ];
  for (const [name, behaviours] of Object.entries(guests))
    for (const [index, guest] of behaviours.entries())
      lines.push(`guest ${index + 1} of ${name} ${guestInWords(guest)}`);
  return [...lines, `healed after ${duration(lastsMs)}`];
}

function guestInWords({ bootMs, startFailures, isRefused, shutdownMs, hangsAtShutdown, ends = [] }: PlannedGuest) {
  return [
    isRefused ? "cannot be started" : `boots in ${duration(bootMs)}`,
    startFailures > 0 && `after ${plural(startFailures, "failed start")}`,
    hangsAtShutdown ? "hangs at shutdown" : `shuts down in ${duration(shutdownMs)}`,
    ...ends.map(({ afterMs, how }) => `${endings[how]} after ${duration(afterMs)}`),
  ]
    .filter(Boolean)
    .join(", ");
}

const endings = { crash: "crashes", powerOff: "powers off", reboot: "reboots" } as const;

function networkInWords(trouble: Omit<OfKind<Trouble, "network">, "kind" | "forMs">): string {
  const { lostRequests, lostAnswers, overload, brokenWatches, latencyMs } = trouble;
  const shares = {
    "requests lost": lostRequests,
    "answers lost": lostAnswers,
    overload,
    "watches broken": brokenWatches,
  };
  const told = Object.entries(shares).filter(([, share]) => share > 0);
  return [...told.map(([what, share]) => `${what} ${percent(share)}`), `latency ${latencyMs} ms`].join(", ");
}

type Words<Union extends { kind: string }> = { [Kind in Union["kind"]]: (of: OfKind<Union, Kind>) => string };

const within = (graceSeconds: number | undefined): string =>
  graceSeconds === undefined ? "" : ` within ${graceSeconds} s`;
const wish = ({ cores, graceSeconds, ...disks }: OfKind<Deed, "createVmi">): string =>
  `${plural(cores, "core")}, ${disksInWords(disks)}, grace ${graceSeconds} s`;
const disksInWords = ({
  containerDisk,
  isVolatile,
}: Pick<OfKind<Deed, "createVmi">, "containerDisk" | "isVolatile">): string =>
  isVolatile ? "container disk" : `claim${containerDisk ? " and container disk" : ""}`;

const deeds: Words<Deed> = {
  createVm: ({ vm, strategy, saysRunning, insists, ...rest }) =>
    `creates VM ${vm} (${strategy}${saysRunning ? " as running" : ""}, ${wish({ ...rest, kind: "createVmi", vm })})` +
    (insists ? ", as soon as the last one is gone" : ""),
  createVmi: (deed) => `creates instance ${deed.vm} without a VM (${wish(deed)})`,
  deleteVm: ({ vm, propagation }) => `deletes VM ${vm} (${propagation})`,
  deleteVmi: ({ vm, propagation }) => `deletes instance ${vm} (${propagation})`,
  deletePod: ({ vm, graceSeconds }) => `deletes pod of ${vm}${within(graceSeconds)}`,
  forcePod: ({ vm }) => `deletes pod of ${vm} by force, if its node is off`,
  setStrategy: ({ vm, strategy }) => `switches ${vm} to ${strategy}`,
  setCores: ({ vm, cores }) => `gives template of ${vm} ${plural(cores, "core")}`,
  setTemplateLabel: ({ vm, value }) => `labels template of ${vm} ${value}`,
  start: ({ vm, isPaused }) => `starts ${vm}${isPaused ? " paused" : ""}`,
  stop: ({ vm, graceSeconds }) => `stops ${vm}${within(graceSeconds)}`,
  restart: ({ vm, isForced }) => `restarts ${vm}${isForced ? " by force" : ""}`,
  disown: ({ vm }) => `takes the owner from instance ${vm}`,
  takeLabel: ({ vm, of, label, forMs }) => `takes label ${label} from ${of} of ${vm} for ${duration(forMs)}`,
  setLabel: ({ vm, of, value }) => `labels ${of} of ${vm} ${value}`,
  foreignPod: ({ vm, forMs }) => `creates a pod with the name of the launcher of ${vm} for ${duration(forMs)}`,
  foreignVmi: ({ vm, forMs, ...rest }) =>
    `creates an instance of somebody else's with the name of ${vm} for ${duration(forMs)} (${wish({ ...rest, kind: "createVmi", vm })})`,
  finalizer: ({ vm, of, forMs }) => `holds ${of} of ${vm} by a finalizer for ${duration(forMs)}`,
  cordon: ({ node, drains, forMs }) => `${drains ? "drains" : "cordons"} node ${node + 1} for ${duration(forMs)}`,
  removeNode: ({ node }) => `removes node ${node + 1}, if it is off`,
};

const target = ({ role, which }: Target): string => `${role} ${which + 1}`;
const back = ({ backAfterMs }: { backAfterMs: number }): string =>
  backAfterMs === 0 ? " and is back at once" : ` and is back after ${duration(backAfterMs)}`;

const troubles: Words<Trouble> = {
  kill: (fault) => `${target(fault)} dies${back(fault)}`,
  killAtWrite: ({ role, nth, when, ...fault }) => `${role} dies just ${when} write ${nth} from now${back(fault)}`,
  lateWrite: ({ role, nth, forMs, freezes }) =>
    `write ${nth} of ${role} from now arrives ${duration(forMs)} late${freezes ? ", and its sender stands still meanwhile" : ""}`,
  killAll: (fault) => `everything dies${back(fault)}`,
  freeze: (fault) => `${target(fault)} stands still for ${duration(fault.forMs)}`,
  jumpClock: (fault) =>
    `clock of ${target(fault)} jumps ${fault.byMs < 0 ? "back" : "ahead"} by ${duration(Math.abs(fault.byMs))}`,
  events: ({ lost, swallowed, doubled, lateMs, forMs }) =>
    `events for ${duration(forMs)}: lost ${percent(lost)}, swallowed ${percent(swallowed)}, doubled ${percent(doubled)}, up to ${duration(lateMs)} late`,
  apiAway: ({ forMs }) => `API server is away for ${duration(forMs)}`,
  network: ({ forMs, ...trouble }) => `network for ${duration(forMs)}: ${networkInWords(trouble)}`,
  breakConnections: () => "all connections to the API server break",
  compact: () => "API server forgets old versions",
  freezeNode: ({ node, forMs }) => `node ${node + 1} stands still for ${duration(forMs)}`,
  powerOff: ({ node, forMs }) => `node ${node + 1} is off for ${duration(forMs)}`,
  cutOff: ({ node, forMs }) => `node ${node + 1} is cut off for ${duration(forMs)}`,
  launcherDies: ({ vm }) => `launcher of ${vm} dies`,
  libvirtDies: ({ vm }) => `libvirtd of ${vm} dies`,
  guestCrashes: ({ vm }) => `QEMU of ${vm} dies`,
  launcherHides: ({ vm, forMs }) => `launcher of ${vm} is out of reach for ${duration(forMs)}`,
  refusePods: ({ forMs }) => `pods are refused for ${duration(forMs)}`,
  refuseInstances: ({ forMs }) => `instances are refused for ${duration(forMs)}`,
  failWrites: ({ forMs }) => `API server fails at all writes for ${duration(forMs)}`,
  isolate: (fault) => `${target(fault)} does not reach the API server for ${duration(fault.forMs)}`,
  stallWatch: ({ of, forMs, ...fault }) => `${target(fault)} is told nothing of any ${of} for ${duration(forMs)}`,
};

export const actionInWords = (action: Action): string =>
  `user ${action.user} ${(deeds[action.kind as ActionKind] as (of: Action) => string)(action)}`;

export const faultInWords = (fault: Fault): string =>
  (troubles[fault.kind as FaultKind] as (of: Fault) => string)(fault);
