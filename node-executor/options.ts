// The command line of the executor.
import { parseArgs } from "node:util";

export interface Options {
  nodeName: string;
  podsDir: string;
  stateDir: string;
  metricsListen: string;
  /** Certificate and key files for the metrics; without them they are served in the clear. */
  tls?: { certFile: string; keyFile: string };
  socket: string;
}

/** Throws naming the option that is missing. Where the API server is says $KUBECONFIG, or the pod's service account. */
export function parseOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      "node-name": { type: "string", default: process.env.NODE_NAME ?? "" },
      "pods-dir": { type: "string", default: "/var/lib/kubelet/pods" },
      "state-dir": { type: "string", default: "/var/lib/knvirt/executor" },
      "metrics-listen": { type: "string", default: "127.0.0.1:8443" },
      "tls-cert": { type: "string" },
      "tls-key": { type: "string" },
      socket: { type: "string", default: "/run/knvirt/executor.sock" },
    },
  });
  const empty = Object.entries(values).find(([, value]) => value === "");
  if (empty) throw new Error(`option --${empty[0]} is not set: give it a value`);
  const { "tls-cert": certFile, "tls-key": keyFile } = values;
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new Error("options --tls-cert and --tls-key belong together: give both or none");
  return {
    nodeName: values["node-name"],
    podsDir: values["pods-dir"],
    stateDir: values["state-dir"],
    metricsListen: values["metrics-listen"],
    ...(certFile && keyFile && { tls: { certFile, keyFile } }),
    socket: values.socket,
  };
}
