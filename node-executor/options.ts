// The command line of the executor.
import { join } from "node:path";
import { parseArgs } from "node:util";

export interface Options {
  nodeName: string;
  podsDir: string;
  stateDir: string;
  /** Where the node's /dev is seen. */
  devDir: string;
  /** Absent where no kubelet hands out devices. */
  devicePlugins?: { directory: string; count: number };
  metricsListen: string;
  /** Certificate and key files for the metrics; without them they are shown under the executor's own certificate. */
  tls?: { certFile: string; keyFile: string };
  /** For the gateway on the same machine. */
  socket?: string;
  /** For the gateway on another one, which is this user. */
  network?: { address: string; gatewayUser: string };
}

const definitions = {
  "node-name": { type: "string" },
  "kubelet-dir": { type: "string", default: "/var/lib/kubelet" },
  "state-dir": { type: "string", default: "/var/lib/knvirt/executor" },
  "device-plugins": { type: "boolean", default: true },
  "dev-dir": { type: "string", default: "/dev" },
  "max-devices": { type: "string", default: "1000" },
  "metrics-listen": { type: "string", default: "127.0.0.1:8443" },
  "tls-cert": { type: "string" },
  "tls-key": { type: "string" },
  socket: { type: "string" },
  listen: { type: "string" },
  "gateway-user": { type: "string", default: "system:serviceaccount:kubevirt:knvirt-gateway" },
} as const;

/** Throws naming the option that is missing. Where the API server is says $KUBECONFIG, or the pod's service account. */
export function parseOptions(args: string[], env: NodeJS.ProcessEnv = process.env): Options {
  const { values } = parseArgs({ args, options: definitions, allowNegative: true });
  const nodeName = values["node-name"] ?? env.NODE_NAME ?? "";
  const empty = Object.entries({ ...values, "node-name": nodeName }).find(([, value]) => value === "");
  if (empty) throw new Error(`option --${empty[0]} is not set: give it a value`);
  const { "tls-cert": certFile, "tls-key": keyFile, socket, listen } = values;
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new Error("options --tls-cert and --tls-key belong together: give both or none");
  if (socket === undefined && listen === undefined)
    throw new Error("the gateway has no way in: give option --listen, --socket or both");
  const kubelet = values["kubelet-dir"];
  return {
    nodeName,
    podsDir: join(kubelet, "pods"),
    stateDir: values["state-dir"],
    devDir: values["dev-dir"],
    ...(values["device-plugins"] && {
      devicePlugins: {
        directory: join(kubelet, "device-plugins"),
        count: countOf(values["max-devices"]),
      },
    }),
    metricsListen: values["metrics-listen"],
    ...(certFile && keyFile && { tls: { certFile, keyFile } }),
    ...(socket && { socket }),
    ...(listen && { network: { address: listen, gatewayUser: values["gateway-user"] } }),
  };
}

/** A message to the kubelet names each of them, and has 4 MiB at most. */
const mostDevices = 100_000;

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= mostDevices) return count;
  throw new Error(`option --max-devices is ${JSON.stringify(text)}: expected a number from 1 to ${mostDevices}`);
}
