// Asks the running containers again and again, and knows what their answers amount to.
import { setTimeout as delay } from "node:timers/promises";
import type { Container, Pod, Probe } from "@knvirt/kubernetes";
import type { Exec } from "../exec.ts";
import { attemptDirectory, containerId } from "../instance.ts";
import type { MachinePod } from "../observe.ts";
import { ask } from "./ask.ts";
import { counted, type Tally, usual } from "./tally.ts";

const kinds = { readiness: "readinessProbe", liveness: "livenessProbe" } as const;
type Kind = keyof typeof kinds;

/** Of one container that has a probe and runs. */
export interface Verdict {
  isReady: boolean;
  isAlive: boolean;
}

/** By the container's name; a container that nobody asks has none. */
export type Verdicts = Record<string, Verdict>;

export interface ProberOptions {
  exec(exec: Exec): Promise<void>;
  podDir(uid: string): string;
  /** A verdict is another one now. */
  onChange(uid: string): void;
  onFailure(pod: Pod, message: string): void;
}

interface Questioning {
  uid: string;
  container: string;
  kind: Kind;
  tally: Tally;
  stop: AbortController;
}

/** Of one container of a pod as it runs. */
interface Question {
  kind: Kind;
  probe: Probe;
  pod: Pod;
  ip: string;
  container: Container;
  attempt: number;
  id: string;
  startedAt: string;
}

export class Prober {
  readonly #options: ProberOptions;
  /** By container, attempt and kind. */
  readonly #asked = new Map<string, Questioning>();

  constructor(options: ProberOptions) {
    this.#options = options;
  }

  /** What runs is asked, what does not is not. */
  follow(uid: string, pod: Pod | undefined, machine: MachinePod | undefined): void {
    const wanted = pod && machine ? questionsOf(pod, machine) : [];
    for (const question of wanted) if (!this.#asked.has(keyOf(question))) this.#begin(uid, question);
    const keys = new Set(wanted.map(keyOf));
    for (const [key, questioning] of this.#asked)
      if (questioning.uid === uid && !keys.has(key)) this.#end(key, questioning);
  }

  verdicts(uid: string): Verdicts {
    const found: Verdicts = {};
    for (const { uid: of, container, kind, tally } of this.#asked.values()) {
      if (of !== uid) continue;
      const before = found[container] ?? { isReady: true, isAlive: true };
      found[container] =
        kind === "readiness" ? { ...before, isReady: tally.isWell } : { ...before, isAlive: tally.isWell };
    }
    return found;
  }

  stop(): void {
    for (const [key, questioning] of this.#asked) this.#end(key, questioning);
  }

  #end(key: string, { stop }: Questioning): void {
    stop.abort();
    this.#asked.delete(key);
  }

  #begin(uid: string, question: Question): void {
    const { kind, container } = question;
    const tally = { isWell: kind === "liveness" || wasReady(question), against: 0 };
    const questioning = { uid, container: container.name, kind, tally, stop: new AbortController() };
    this.#asked.set(keyOf(question), questioning);
    void this.#ask(questioning, question);
  }

  async #ask(
    questioning: Questioning,
    { pod, ip, container, attempt, id, startedAt, probe }: Question,
  ): Promise<void> {
    const { signal } = questioning.stop;
    const { initialDelaySeconds = 0, periodSeconds = usual.periodSeconds } = probe;
    const bundle = attemptDirectory(this.#options.podDir(questioning.uid), container.name, attempt);
    const exec = (command: string[], timeoutMs: number) =>
      this.#options.exec({ id, bundle, name: questioning.kind, command, timeoutMs });
    let pauseMs = Math.max(0, Date.parse(startedAt) + initialDelaySeconds * 1000 - Date.now());
    while (await passes(pauseMs, signal)) {
      const complaint = await ask(probe, { ip, container, exec });
      if (signal.aborted) return;
      const { isWell } = questioning.tally;
      questioning.tally = counted(questioning.tally, complaint === undefined, probe);
      if (complaint !== undefined) this.#options.onFailure(pod, `${questioning.kind} probe failed: ${complaint}`);
      if (questioning.tally.isWell !== isWell) this.#options.onChange(questioning.uid);
      pauseMs = periodSeconds * 1000;
    }
  }
}

/** False when nobody waits any more. */
const passes = (milliseconds: number, signal: AbortSignal): Promise<boolean> =>
  delay(milliseconds, undefined, { signal, ref: false }).then(
    () => true,
    () => false,
  );

const keyOf = ({ id, kind }: Question): string => `${id} ${kind}`;

function questionsOf(pod: Pod, { uid, containers, sandbox }: MachinePod): Question[] {
  if (!sandbox) return [];
  return pod.spec.containers.flatMap((container) => {
    const found = containers[container.name];
    if (found?.state !== "running") return [];
    const id = containerId(uid, container.name, found.attempt);
    const { attempt } = found;
    const running = { pod, ip: sandbox.ip, container, attempt, id, startedAt: found.start?.startedAt ?? "" };
    return (Object.keys(kinds) as Kind[]).flatMap((kind) => {
      const probe = container[kinds[kind]];
      return probe ? [{ ...running, kind, probe }] : [];
    });
  });
}

/** A container that was called ready before this process began is so until it answers otherwise. */
const wasReady = ({ pod, container, id }: Question): boolean =>
  pod.status?.containerStatuses?.some(
    ({ name, ready, containerID }) => name === container.name && ready && containerID === `crun://${id}`,
  ) ?? false;
