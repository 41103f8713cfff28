// The figures of all launchers, as fresh as is worth while: no guest is asked twice at once, and none is waited for long.
import type { StatsReply } from "@knvirt/proto";

export interface Source {
  /** Identity of the guest's run. */
  podUid: string;
  stats(): Promise<StatsReply>;
}

export interface Samples {
  /** By pod uid, those that are there when all have answered or the time is up. */
  collect(sources: Source[]): Promise<Map<string, StatsReply>>;
}

/** Younger figures are not asked for again: KubeVirt's refresh interval. */
const freshMs = 3_250;
/** Older ones are not shown: KubeVirt's limit too. */
const staleMs = 12_000;
/** A scrape waits no longer than this in all. */
const patienceMs = 950;

interface Kept {
  reply?: StatsReply;
  takenAt: number;
  inFlight?: Promise<void>;
  isFailing?: boolean;
}

export interface SampleOptions {
  now?: () => number;
  /** The first failure of a guest after it answered: one that fails at each scrape is told of once. */
  onError: (podUid: string, error: unknown) => void;
}

export function samples({ now = () => performance.now(), onError }: SampleOptions): Samples {
  const kept = new Map<string, Kept>();
  const ask = async (source: Source, entry: Kept): Promise<void> => {
    try {
      const reply = await source.stats();
      Object.assign(entry, { reply, takenAt: now(), isFailing: false });
    } catch (error) {
      if (!entry.isFailing) onError(source.podUid, error);
      entry.isFailing = true;
    } finally {
      delete entry.inFlight;
    }
  };
  const refresh = (source: Source): Promise<void> | undefined => {
    const entry = kept.get(source.podUid) ?? { takenAt: Number.NEGATIVE_INFINITY };
    kept.set(source.podUid, entry);
    if (now() - entry.takenAt >= freshMs) entry.inFlight ??= ask(source, entry);
    return entry.inFlight;
  };
  return {
    collect: async (sources) => {
      forgetOthers(kept, sources);
      await settledWithin(patienceMs, sources.map(refresh));
      const replies = new Map<string, StatsReply>();
      for (const [podUid, { reply, takenAt }] of kept)
        if (reply && now() - takenAt < staleMs) replies.set(podUid, reply);
      return replies;
    },
  };
}

function forgetOthers(kept: Map<string, Kept>, sources: Source[]): void {
  const wanted = new Set(sources.map(({ podUid }) => podUid));
  for (const podUid of kept.keys()) if (!wanted.has(podUid)) kept.delete(podUid);
}

async function settledWithin(milliseconds: number, asked: (Promise<void> | undefined)[]): Promise<void> {
  const waiting = asked.filter((answer) => answer !== undefined);
  if (waiting.length === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([Promise.all(waiting), timeIsUp]);
  clearTimeout(timer);
}
