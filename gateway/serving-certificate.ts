// Keeps the gateway's certificate: in a Secret that all replicas share, trusted by the API server before it is served.
import type { KeyPair } from "@knvirt/certificates";
import {
  type Client,
  inform,
  isAlreadyExists,
  isConflict,
  isNotFound,
  type Key,
  type KubernetesObject,
  resource,
  type Secret,
  secrets,
} from "@knvirt/kubernetes";
import type { Logger } from "pino";
import { bell } from "./bell.ts";
import { type Issued, type IssueOptions, issuedIn, renewalAt, renewed, secretData } from "./issued.ts";

export interface CertificateOptions {
  client: Client;
  secret: Required<Key>;
  /** Their caBundle tells the API server whom to trust. One that is not there yet is told once it is. */
  apiServices: string[];
  issue: IssueOptions;
  /** How long every API server may take to hear of a new authority. */
  overlapMs: number;
  /** Called with what is to be served from now on. */
  serve(pair: KeyPair): void;
  log: Logger;
}

interface ApiService extends KubernetesObject {
  spec: { caBundle?: string };
}

const apiServices = resource<ApiService>("apiregistration.k8s.io/v1", "APIService", { namespaced: false });
const manager = "knvirt-gateway";
const retryMs = 2_000;
/** Timers of node cannot be longer than 24 days. */
const longestWaitMs = 86_400_000;

/** Until stopped. */
export function keepServingCertificate(options: CertificateOptions): { stop(): void } {
  const { client, secret, log } = options;
  const changed = bell();
  const watches = [
    inform(client, secrets, { namespace: secret.namespace, ...named(secret.name), onChange: changed.ring }),
    ...options.apiServices.map((name) => inform(client, apiServices, { ...named(name), onChange: changed.ring })),
  ];
  const keeping: Keeping = { served: undefined, announced: undefined };
  const stopped = new AbortController();
  void (async () => {
    let told = "";
    while (!stopped.signal.aborted) {
      let failure = "";
      const waitMs = await keepOnce(options, keeping).catch((err: unknown) => {
        failure = String(err);
        if (told !== failure) log.warn({ err }, "certificate cannot be kept: tried again");
        return retryMs;
      });
      told = failure;
      await changed.within(Math.min(Math.max(waitMs, 0), longestWaitMs));
    }
  })();
  return {
    stop: () => {
      stopped.abort();
      for (const watch of watches) watch.stop();
      changed.ring();
    },
  };
}

const named = (name: string) => ({ fieldSelector: `metadata.name=${name}` });

interface Keeping {
  served: Issued | undefined;
  /** The authority that is not served yet, and since when the API server has been told of it. */
  announced: { authority: string; at: number } | undefined;
}

/** Answers in how many milliseconds to look again. */
async function keepOnce(options: CertificateOptions, keeping: Keeping): Promise<number> {
  const { client, secret, issue } = options;
  const found = await client.find(secrets, secret);
  const known = found && issuedIn(found);
  const now = new Date();
  const next = renewed(known, { ...issue, now, trustedBefore: keeping.served?.trusted ?? "" });
  if (next && !(await write(options, found, next))) return 0; // another replica was faster
  const issued = next ?? known;
  if (!issued) return 0;
  if (next) options.log.info({ until: new Date(renewalAt(next, issue)) }, "certificate renewed");
  await announce(options, issued.trusted);
  return serveInTime(options, keeping, issued);
}

/** False when somebody else wrote it since it was read. */
async function write({ client, secret }: CertificateOptions, found: Secret | undefined, next: Issued) {
  const data = secretData(next);
  const labels = { "app.kubernetes.io/name": "knvirt-gateway", "app.kubernetes.io/part-of": "knvirt" };
  const { apiVersion, kind } = secrets;
  const created: Secret = { apiVersion, kind, metadata: { ...secret, labels }, type: "kubernetes.io/tls", data };
  try {
    await (found ? client.replace(secrets, { ...found, data }) : client.create(secrets, created));
    return true;
  } catch (error) {
    if (isAlreadyExists(error) || isConflict(error) || (found && isNotFound(error))) return false;
    throw error;
  }
}

async function announce({ client, apiServices: names }: CertificateOptions, trusted: string): Promise<void> {
  const caBundle = Buffer.from(trusted).toString("base64");
  for (const name of names) {
    const found = await client.find(apiServices, { name });
    if (!found || found.spec.caBundle === caBundle) continue;
    const { apiVersion, kind, metadata } = found;
    // With its uid, or one that was just deleted would be made anew, with nothing but a caBundle.
    const patch = {
      apiVersion,
      kind,
      metadata: { name, ...(metadata.uid && { uid: metadata.uid }) },
      spec: { caBundle },
    };
    await client.apply(apiServices, patch, { manager, force: true });
  }
}

function serveInTime({ issue, overlapMs, serve }: CertificateOptions, keeping: Keeping, issued: Issued): number {
  const { served, announced } = keeping;
  const authority = issued.authority.certificate;
  const now = Date.now();
  const isTrusted = !served || served.authority.certificate === authority;
  const since = announced?.authority === authority ? announced.at : now;
  if (!isTrusted && now < since + overlapMs) {
    keeping.announced = { authority, at: since };
    return since + overlapMs - now;
  }
  keeping.announced = undefined;
  if (served?.serving.certificate !== issued.serving.certificate) serve(issued.serving);
  keeping.served = issued;
  return renewalAt(issued, issue) - now;
}
