// The executors of a cluster's nodes, each known by the certificates that its node's annotation holds. One connection a
// node, made when a guest there is wanted and dropped a while after the last one is left.
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { type ChannelCredentials, credentials, Metadata } from "@grpc/grpc-js";
import { annotation } from "@knvirt/api";
import { type Client, nodes, type Pod, pods } from "@knvirt/kubernetes";
import { ExecutorClient, type Open } from "@knvirt/proto";
import { GatewayError } from "./errors.ts";
import { callThrough, channelOptions, type Executors, nameOf, openThrough, type Way } from "./executors.ts";
import { certificatesIn } from "./front-proxy.ts";

export interface NodeExecutorOptions {
  client: Client;
  /** Where the executors' pods are. */
  namespace: string;
  selector: string;
  port: number;
  /** Proves to an executor that it is us. Read for each call, because it is replaced while we run. */
  tokenFile: string;
}

type Vmi = Pick<Open, "namespace" | "name">;

interface Place {
  address: string;
  /** PEM: two, while the executor replaces the one by the other. */
  certificates: string;
}

interface Link extends Place {
  client: ExecutorClient;
}

export function nodeExecutors(options: NodeExecutorOptions): Executors {
  const links = new Map<string, Link>();
  const linkTo = (nodeName: string, place: Place): Link => {
    const known = links.get(nodeName);
    if (known?.address === place.address && known.certificates === place.certificates) return known;
    known?.client.close(); // what runs over it goes on to its end
    const link = { ...place, client: connectTo(place) };
    links.set(nodeName, link);
    return link;
  };
  const wayTo = async (vmi: Vmi, nodeName: string | undefined): Promise<Way> => {
    if (!nodeName) throw new GatewayError(503, `${nameOf(vmi)} cannot be reached: its status names no node`);
    const place = await placeOf(options, nodeName, vmi);
    const metadata = new Metadata();
    metadata.set("authorization", `Bearer ${readFileSync(options.tokenFile, "utf8").trim()}`);
    const executor = `the executor of node ${nodeName} (${place.address})`;
    return { client: linkTo(nodeName, place).client, executor, metadata };
  };
  return {
    connect: async (open, nodeName) => openThrough(await wayTo(open, nodeName), open),
    call: async (request, nodeName) => callThrough(await wayTo(request, nodeName), request),
    close: () => {
      for (const { client } of links.values()) client.close();
      links.clear();
    },
  };
}

/** Looked up for each viewer: a pod or certificate that was replaced is noticed, and nothing needs to be watched. */
async function placeOf(options: NodeExecutorOptions, nodeName: string, vmi: Vmi): Promise<Place> {
  const { client, namespace, selector, port } = options;
  const away = (why: string): GatewayError => new GatewayError(503, `${nameOf(vmi)} cannot be reached: ${why}`);
  const [node, found] = await Promise.all([
    client.find(nodes, { name: nodeName }),
    client.list(pods, { namespace, labelSelector: selector, fieldSelector: `spec.nodeName=${nodeName}` }),
  ]);
  if (!node) throw away(`its node ${nodeName} is gone`);
  const ip = addressOf(found.items);
  if (!ip) throw away(`no executor runs on its node ${nodeName}`);
  const certificates = certificatesIn(node.metadata.annotations?.[annotation.executorCertificate] ?? "").join("");
  if (!certificates)
    throw away(`node ${nodeName} has no annotation ${annotation.executorCertificate}: its executor has not started`);
  return { address: ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`, certificates };
}

/** Of the newest one that runs: while one is replaced by another, both can be there. */
function addressOf(executors: Pod[]): string | undefined {
  const [newest] = executors
    .filter(({ status }) => status?.phase === "Running" && status.podIP)
    .sort((a, b) => Number(isLeaving(a)) - Number(isLeaving(b)) || startOf(b).localeCompare(startOf(a)));
  return newest?.status?.podIP;
}

const isLeaving = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;
const startOf = ({ metadata }: Pod): string => metadata.creationTimestamp ?? "";

const idleMs = 60_000;

function connectTo({ address, certificates }: Place): ExecutorClient {
  return new ExecutorClient(address, trusting(certificates), {
    ...channelOptions,
    "grpc.client_idle_timeout_ms": idleMs,
    // What TLS is told to ask for: an address must not be, and the certificate's names do not matter.
    "grpc.ssl_target_name_override": "knvirt-executor",
  });
}

/** These very certificates, whatever names they carry, and nothing that their keys may have signed. */
function trusting(certificates: string): ChannelCredentials {
  const expected = certificatesIn(certificates).map((pem) => new X509Certificate(pem).raw);
  return credentials.createSsl(Buffer.from(certificates), null, null, {
    checkServerIdentity: (_host, { raw }) =>
      expected.some((one) => one.equals(raw))
        ? undefined
        : new Error("the executor shows another certificate than its node's annotation"),
  });
}
