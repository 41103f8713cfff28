// How the gateway is started: $LISTEN names a socket of this machine, or a port in a cluster.
import { parseArgs } from "node:util";

export interface StandaloneOptions {
  host: "standalone";
  socket: string;
  executorSocket: string;
}

export interface ClusterOptions {
  host: "cluster";
  port: number;
  /** Of the gateway itself, of its Secret and of the executors' pods. */
  namespace: string;
  service: string;
  secret: string;
  executorTokenFile: string;
  executorPort: number;
  /** Labels of the executors' pods. */
  executorSelector: string;
  /** Lifetimes of what the gateway issues. */
  caSeconds: number;
  certificateSeconds: number;
  /** How long consoles that are open go on once the gateway was told to end. */
  graceSeconds: number;
}

const argumentsOfCluster = {
  namespace: { type: "string", default: "" },
  service: { type: "string", default: "knvirt-gateway" },
  secret: { type: "string", default: "knvirt-gateway-tls" },
  "executor-token-file": { type: "string", default: "/var/run/secrets/knvirt/executor-token" },
  "executor-port": { type: "string", default: "8186" },
  "executor-selector": { type: "string", default: "app.kubernetes.io/name=knvirt-executor" },
  "ca-seconds": { type: "string", default: `${365 * 86_400}` },
  "certificate-seconds": { type: "string", default: `${30 * 86_400}` },
  "grace-seconds": { type: "string", default: "55" },
} as const;

export interface Given {
  args: string[];
  env: Record<string, string | undefined>;
  /** Of the pod we are, if we are one. */
  namespace?: string | undefined;
}

/** Throws naming what is missing or wrong. */
export function parseOptions({ args, env, namespace = "kubevirt" }: Given): StandaloneOptions | ClusterOptions {
  const { LISTEN: listen = "", EXECUTOR_SOCKET: executorSocket = "" } = env;
  if (listen.startsWith("/")) {
    if (executorSocket.startsWith("/")) return { host: "standalone", socket: listen, executorSocket };
    throw new Error(`EXECUTOR_SOCKET is no path of a unix socket: found "${executorSocket}"`);
  }
  const { values } = parseArgs({ args, options: argumentsOfCluster });
  return {
    host: "cluster",
    port: wholeNumber("LISTEN", listen, "the path of a unix socket or a port"),
    namespace: values.namespace || namespace,
    service: values.service,
    secret: values.secret,
    executorTokenFile: values["executor-token-file"],
    executorPort: wholeNumber("--executor-port", values["executor-port"], "a port"),
    executorSelector: values["executor-selector"],
    caSeconds: wholeNumber("--ca-seconds", values["ca-seconds"]),
    certificateSeconds: wholeNumber("--certificate-seconds", values["certificate-seconds"]),
    graceSeconds: wholeNumber("--grace-seconds", values["grace-seconds"]),
  };
}

function wholeNumber(name: string, text: string, expected = "seconds"): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Error(`${name} is not set right: found "${text}", expected ${expected}`);
}
