// The one container of a pod on its node, from its start to its end: of a launcher pod, with the launcher in it, or of
// another one, which only waits to be ended.
import { launcherContainer, launcherEnvironment, vmiOfLauncherPod } from "@knvirt/api";
import { keyOf, type Pod } from "@knvirt/kubernetes";
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { ContainerFact } from "../invariants/ledger.ts";
import type { Container } from "./container.ts";
import type { Hardware } from "./hardware.ts";
import { type LauncherRun, launcherRun } from "./launcher/launcher-run.ts";
import type { Ground } from "./launcher/place.ts";

export interface Exit {
  exitCode: number;
  reason: string;
  message: string;
  finishedAt: Date;
}

/** What a kubelet knows of a container, and does to it. */
export interface PodContainer {
  readonly podUid: string;
  readonly startedAt: Date;
  readonly exit: Exit | undefined;
  /** Where it has a readiness probe: its guest has booted. */
  readonly isReady: boolean;
  /** SIGTERM, which it is sent once. */
  terminate(): void;
  /** SIGKILL. */
  kill(): void;
}

export interface RunningContainer extends PodContainer {
  readonly launcher: LauncherRun | undefined;
  /** Where it has a launcher. */
  readonly shown: Container | undefined;
  removed(): void;
}

export interface Start {
  hardware: Hardware;
  ground: Ground;
  now(): Date;
  /** It has ended, became ready, or is not any more. */
  changed(): void;
}

const [signal15, signal9] = [143, 137];
/** What containerd says of a container that it finds gone. */
const unknown = { exitCode: 255, reason: "Unknown", message: "" };

export function startContainer(pod: Pod, start: Start): RunningContainer {
  const { hardware, now, changed } = start;
  const { uid: podUid = "", name } = pod.metadata;
  const first = hardware.spawn(`container-${name}`, "system:serviceaccount:none");
  const startedAt = now();
  const tell = teller(pod, start);
  let exit: Exit | undefined;
  let isTerminated = false;
  const end = (exitCode: number, message = ""): void => {
    exit ??= { exitCode, reason: exitCode === 0 ? "Completed" : "Error", message, finishedAt: now() };
    first.kill();
  };
  tell("starts");
  const launcher = vmiUidOf(pod) && launcherOf(pod, { ...start, first, end });
  first.onEnd(() => {
    const how = hardware.isUp ? { exitCode: signal9, reason: "Error", message: "" } : unknown;
    exit ??= { ...how, finishedAt: now() };
    if (launcher) launcher.ended();
    tell("ends", hardware.isUp ? exit.exitCode : undefined);
    changed();
  });
  const container: PodContainer = {
    podUid,
    startedAt,
    get exit() {
      return exit;
    },
    get isReady() {
      return !hasReadinessProbe(pod) || !launcher || launcher.libvirt.guest?.isBooted === true;
    },
    terminate: () => {
      if (isTerminated || exit) return;
      isTerminated = true;
      tell("terminate");
      if (launcher) launcher.terminate();
      else first.reach(1, () => end(signal15));
    },
    kill: () => {
      tell("kill");
      end(signal9);
    },
  };
  const shown = launcher ? shownContainer(pod, { container, launcher, node: hardware.name }) : undefined;
  return Object.assign(container, { launcher: launcher || undefined, shown, removed: () => tell("removed") });
}

const hasReadinessProbe = ({ spec }: Pod): boolean =>
  spec.containers.some(({ readinessProbe }) => readinessProbe !== undefined);

/** Of containers of launcher pods only. */
function teller(launched: Pod, { ground, hardware }: Start) {
  const { uid: pod = "" } = launched.metadata;
  const vmi = vmiUidOf(launched);
  return (what: ContainerFact["what"], exitCode?: number): void => {
    if (vmi === undefined) return;
    ground.ledger.container({ what, pod, vmi, node: hardware.name, ...(exitCode !== undefined && { exitCode }) });
  };
}

interface Launching extends Start {
  first: SimulatedProcess;
  end(exitCode: number, message: string): void;
}

function launcherOf(pod: Pod, { hardware, ground, changed, first, end }: Launching): LauncherRun {
  const { uid: podUid = "" } = pod.metadata;
  const vmi = vmiOf(pod);
  const onReadiness = hasReadinessProbe(pod) ? changed : () => undefined;
  const place = { ...ground, hardware, podUid, vmi, graceSeconds: graceSecondsOf(pod), first, onReadiness };
  return launcherRun(place, ({ exitCode, message }) => end(exitCode, message));
}

function vmiOf(pod: Pod): { namespace: string; name: string; uid: string } {
  const { namespace = "", name } = vmiOfLauncherPod(keyOf(pod)) ?? keyOf(pod);
  return { namespace, name, uid: vmiUidOf(pod) ?? "" };
}

const graceSecondsOf = (pod: Pod): number => Number(environmentOf(pod, launcherEnvironment.graceSeconds));

/** Undefined of pods that are none of a launcher. */
const vmiUidOf = (pod: Pod): string | undefined => environmentOf(pod, launcherEnvironment.uid);

/** As the launcher reads it. */
function environmentOf({ spec: { containers } }: Pod, variable: string): string | undefined {
  const { env = [] } = containers.find(({ name }) => name === launcherContainer) ?? {};
  return env.find(({ name }) => name === variable)?.value;
}

interface Shown {
  container: PodContainer;
  launcher: LauncherRun;
  node: string;
}

function shownContainer(pod: Pod, { container, launcher, node }: Shown): Container {
  const { libvirt, door, killLauncher } = launcher;
  return {
    podUid: container.podUid,
    pod: keyOf(pod),
    vmi: vmiOf(pod),
    node,
    get isRunning() {
      return container.exit === undefined;
    },
    get hasGuest() {
      return libvirt.guest !== undefined;
    },
    killLauncher,
    killLibvirt: libvirt.kill,
    crashGuest: () => libvirt.guest?.crash(),
    hideLauncher: door.hide,
  };
}
