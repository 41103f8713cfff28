// The launcher's connection to libvirt: made, and made again when the daemon has died, which it then starts.
import { LauncherError } from "../../../../launcher/errors.ts";
import type { Happening } from "../../../../launcher/journal.ts";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import type { Libvirt } from "./libvirt.ts";

interface LibvirtConnection {
  isOpen(): boolean;
  /** Rejects when that takes too long. */
  opened(): Promise<void>;
}

const connectTimeoutMs = 30_000;

/** `heard`: something happened, or may have while there was no connection. */
export function followLibvirt(
  { clock, random, onEnd }: SimulatedProcess,
  libvirt: Libvirt,
  heard: (happening?: Happening) => void,
): LibvirtConnection {
  let isOpen = false;
  const waiting = new Set<() => void>();
  const attach = (): void => {
    if (isOpen || !libvirt.isUp) return;
    isOpen = true;
    heard();
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  const attachSoon = (longestMs: number): void => void clock.after(random.between(1, longestMs), attach);
  libvirt.client = {
    up: () => attachSoon(20),
    lost: () => {
      isOpen = false;
      clock.after(random.between(1, 1_000), libvirt.start);
    },
    event: (happening) => void clock.after(1, () => isOpen && heard(happening)),
  };
  onEnd(() => {
    libvirt.client = undefined;
  });
  if (libvirt.isUp) attachSoon(50);
  else libvirt.start();
  const opened = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const late = new LauncherError("LibvirtNotResponding", "libvirt did not answer within 30 s");
      const callOff = clock.after(connectTimeoutMs, () => reject(late));
      waiting.add(() => {
        callOff();
        resolve();
      });
    });
  return { isOpen: () => isOpen, opened: () => (isOpen ? Promise.resolve() : opened()) };
}

/** What libvirt answers reaches who asked, unless that has died. */
export const answered = <Answer>(process: SimulatedProcess, answer: Promise<Answer>): Promise<Answer> =>
  new Promise((resolve, reject) => {
    answer.then(
      (value) => void process.reach(1, () => resolve(value)),
      (error: unknown) => void process.reach(1, () => reject(error)),
    );
  });
