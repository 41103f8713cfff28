// The gateway behind Kubernetes' API aggregation: what it needs of the cluster, kept up to date while it serves.
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, configMaps, inform, scraperAuthorization } from "@knvirt/kubernetes";
import type { Logger } from "pino";
import type { Executors } from "./executors.ts";
import { frontProxyOf, frontProxyPlace } from "./front-proxy.ts";
import { metricsText } from "./metrics.ts";
import type { ClusterOptions } from "./options.ts";
import { pagesOf } from "./pages.ts";
import { group, versions } from "./routes.ts";
import { type SecureServer, secureServer } from "./secure-server.ts";
import { serveGateway } from "./server.ts";
import { keepServingCertificate } from "./serving-certificate.ts";

export interface ClusterGateway {
  port: number;
  /** Not ready any more: after a while no new calls are taken, and those under way go on. Resolves when the last one is
   * over, or was sent away. */
  drain(): Promise<void>;
  /** Cuts all off. */
  close(): void;
}

export interface ClusterParts {
  client: Client;
  executors: Executors;
  options: Omit<ClusterOptions, "host">;
  /** How long API servers may take to hear of a new authority. */
  overlapMs?: number;
  /** How long it may take until nobody sends new calls to a gateway that is not ready any more. */
  leaveMs?: number;
  log: Logger;
}

/** API servers hear of a new authority in less than a second; one whose watch is being made again, in a few. */
const longestOverlapMs = 30_000;
const usualLeaveMs = 5_000;
/** What viewers have to answer when they are sent away. */
const farewellMs = 1_000;

/** Resolves when it listens: not before the API server has given all that is needed. */
export async function serveCluster(parts: ClusterParts): Promise<ClusterGateway> {
  const { client, executors, options, log, leaveMs = usualLeaveMs } = parts;
  const secure = secureServer();
  const { server } = secure;
  const kept = [followFrontProxy(parts, secure), keepCertificate(parts, secure)];
  let isLeaving = false;
  const pages = pagesOf({
    authorization: scraperAuthorization(client),
    isReady: () => !isLeaving,
    scrape: () => metricsText(viewers.all()),
    log,
  });
  const viewers = serveGateway({ client, executors, log, pages, callerOf: secure.callerOf }, server);
  await secure.equipped;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    drain: async () => {
      isLeaving = true;
      const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
      setTimeout(() => server.close(), leaveMs);
      await Promise.race([ended, after(options.graceSeconds * 1000)]);
      viewers.sendAway();
      await Promise.race([ended, after(farewellMs)]);
    },
    close: () => {
      for (const { stop } of kept) stop();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Nobody is kept from ending by it. */
const after = (ms: number): Promise<void> => sleep(ms, undefined, { ref: false });

function followFrontProxy({ client, log }: ClusterParts, { believe }: SecureServer): { stop(): void } {
  const { namespace, name } = frontProxyPlace;
  return inform(client, configMaps, {
    namespace,
    fieldSelector: `metadata.name=${name}`,
    onChange: ({ type, object }) => {
      if (type !== "deleted") believe(frontProxyOf(object));
    },
    onError: (err) => log.warn({ err }, "the front proxy's description cannot be followed"),
  });
}

function keepCertificate(parts: ClusterParts, { serve }: SecureServer): { stop(): void } {
  const { client, options, log } = parts;
  const { namespace, service, secret, caSeconds, certificateSeconds } = options;
  // What is served meanwhile has a third of its lifetime left, and must last.
  const overlapMs = parts.overlapMs ?? Math.min(longestOverlapMs, (certificateSeconds * 1000) / 6);
  const host = `${service}.${namespace}.svc`;
  return keepServingCertificate({
    client,
    secret: { namespace, name: secret },
    apiServices: versions.map((version) => `${version}.${group}`),
    issue: { names: [host, `${host}.cluster.local`], caSeconds, certificateSeconds },
    overlapMs,
    serve,
    log,
  });
}
