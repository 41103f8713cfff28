// Figures of the domain. A guest that is slow to tell must not make those slow who ask.
import { setTimeout as delay } from "node:timers/promises";
import { type Connection, getDomainStats } from "@knvirt/libvirt";
import type { StatsReply } from "@knvirt/proto";
import { LauncherError } from "./errors.ts";

const groups = { state: true, cpu: true, balloon: true, vcpu: true, interface: true, block: true };
/** Two that ask at the same time get the same sample. */
const freshMs = 1_000;
const patienceMs = 2_000;
/** A call that is so late is not waited for by later ones either. */
const hungMs = 60_000;

export class Stats {
  readonly #connection: () => Promise<Connection>;
  #last: StatsReply | undefined;
  #running: Promise<StatsReply> | undefined;

  constructor(connection: () => Promise<Connection>) {
    this.#connection = connection;
  }

  /** A new sample if libvirt tells it in time, otherwise the last one. */
  async read(): Promise<StatsReply> {
    const last = this.#last;
    if (last && Date.now() - last.sampledAtMs < freshMs) return last;
    this.#running ??= this.#sample().finally(() => {
      this.#running = undefined;
    });
    const given = new AbortController();
    const late = delay(patienceMs, last, { ref: false, signal: given.signal });
    late.catch(() => undefined); // aborted: the sample came first
    try {
      const sample = await Promise.race([this.#running, late]);
      if (!sample)
        throw new LauncherError("GuestNotResponding", `libvirt told no figures within ${patienceMs / 1000} s`);
      return sample;
    } finally {
      given.abort();
    }
  }

  async #sample(): Promise<StatsReply> {
    const options = { groups, active: true, nowait: true, timeoutMs: hungMs };
    const [stats] = await getDomainStats(await this.#connection(), options);
    if (!stats) throw new LauncherError("DomainNotFound", "no domain runs");
    this.#last = { sampledAtMs: Date.now(), ...byKind(stats.values) };
    return this.#last;
  }
}

export function byKind(values: Record<string, number | boolean | string>): Pick<StatsReply, "numbers" | "texts"> {
  const numbers: Record<string, number> = {};
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "string") texts[name] = value;
    else numbers[name] = Number(value);
  }
  return { numbers, texts };
}
