// Wires one process of functions: visits, server, sweep timer, metrics.
import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { performance } from "node:perf_hooks";
import { type Client, keyText } from "@knvirt/kubernetes";
import type { FunctionDefinition } from "./definition.ts";
import { reasonOf } from "./errors.ts";
import type { Log } from "./log.ts";
import { createMetrics, type FunctionMetrics } from "./metrics.ts";
import { run } from "./run.ts";
import { functionServer } from "./server.ts";
import { shared } from "./shared.ts";
import { type Swept, sweep } from "./sweep.ts";
import { createVisits, type VisitOptions } from "./visits.ts";

export interface FunctionsOptions {
  definitions: readonly FunctionDefinition[];
  client: Client;
  /** Path of a unix socket, or a port on the loopback address; 0 takes any. */
  listen: string | number;
  /** Pause between sweeps; 0 leaves them to POST /sweep. */
  sweepSeconds: number;
  log: Log;
  now?: () => Date;
}

export interface Functions {
  readonly server: Server;
  readonly metrics: FunctionMetrics;
  /** Each function over all its objects. */
  sweep(): Promise<Swept[]>;
  /** Resolves when running work has ended. */
  close(): Promise<void>;
}

/** Keys worked on at once. Each takes some reads and few writes: more would only queue at the API server. */
const concurrency = 32;

export async function startFunctions(options: FunctionsOptions): Promise<Functions> {
  const { definitions, client, log, now = () => new Date() } = options;
  const metrics = createMetrics();
  const onError: VisitOptions["onError"] = (err, { name }, key) =>
    log.error({ err, function: name, key: keyText(key), reason: reasonOf(err) }, "visit failed");
  const visits = createVisits({ run: counted({ client, now }, metrics), onError, concurrency });
  const sweepOne = sweeper({ client, now, visits, onError }, metrics);
  const sweepAll = async (chosen: readonly FunctionDefinition[]): Promise<Swept[]> => {
    const results: Swept[] = [];
    for (const definition of chosen) results.push(await sweepOne(definition));
    return results;
  };
  let ready = false;
  const app = functionServer({
    definitions,
    visit: visits.visit,
    sweep: async (chosen) => void (await sweepAll(chosen)),
    isReady: () => ready,
    metrics,
    log,
  });
  const server = createServer(app);
  await listen(server, options.listen);
  ready = true;
  const stopSweeping = startSweeping(options.sweepSeconds, () => sweepAll(definitions), log);
  return {
    server,
    metrics,
    sweep: () => sweepAll(definitions),
    close: async () => {
      ready = false;
      stopSweeping();
      await visits.close();
      await new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      });
    },
  };
}

/** A run that is counted, timed, and whose failure has a reason. */
function counted({ client, now }: { client: Client; now(): Date }, metrics: FunctionMetrics): VisitOptions["run"] {
  return async (definition, key) => {
    const labels = { function: definition.name };
    const stop = metrics.seconds.startTimer(labels);
    metrics.reconciles.inc(labels);
    try {
      return await run(
        {
          client,
          now,
          onConflict: () => metrics.conflicts.inc(labels),
          onWrite: (_definition, intent) =>
            "object" in intent && metrics.writes.inc({ ...labels, verb: intent.verb, kind: intent.object.kind }),
        },
        definition,
        key,
      );
    } catch (error) {
      metrics.errors.inc({ ...labels, reason: reasonOf(error) });
      throw error;
    } finally {
      stop();
    }
  };
}

/** One sweep of a function at a time. */
function sweeper(sweeping: Parameters<typeof sweep>[0], metrics: FunctionMetrics) {
  return shared(async (definition: FunctionDefinition): Promise<Swept> => {
    const labels = { function: definition.name };
    const began = performance.now();
    const swept = await sweep(sweeping, definition);
    metrics.sweepSeconds.set(labels, (performance.now() - began) / 1000);
    metrics.sweepObjects.set(labels, swept.objects);
    metrics.repairs.inc(labels, swept.repairs);
    return swept;
  });
}

/** As a rule the API server is not up yet. */
const secondsAfterFailure = 5;

/** Sweeps, then pauses, so that a slow API server is not asked faster than it answers. Answers how to stop it. */
function startSweeping(seconds: number, sweepAll: () => Promise<unknown>, log: Log): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = seconds <= 0;
  const next = (pauseSeconds: number): void => {
    if (stopped) return;
    timer = setTimeout(async () => {
      try {
        await sweepAll();
        next(seconds);
      } catch (err) {
        log.error({ err, reason: reasonOf(err) }, "sweep failed");
        next(Math.min(seconds, secondsAfterFailure));
      }
    }, pauseSeconds * 1000);
  };
  next(0);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** A socket that an earlier process left behind is replaced; only our own user may connect. */
function listen(server: Server, where: string | number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    if (typeof where === "number") return void server.listen(where, "127.0.0.1", resolve);
    rmSync(where, { force: true });
    const umask = process.umask(0o177);
    server.listen(where, resolve);
    process.umask(umask);
    chmodSync(where, 0o600);
  });
}
