// The programs of every node, in the order that they start.
import { join } from "node:path";
import { configFile, kubeconfigOf } from "../control-plane/layout.ts";
import { options, type Program } from "../node/program.ts";
import { binaries, type Worker } from "./layout.ts";

export function workerPrograms(worker: Worker): Program[] {
  const { name, address } = worker.node;
  return [
    {
      name: "containerd",
      argv: [join(worker.containerd, "containerd"), "--config", configFile(worker, `containerd-${name}.toml`)],
      env: { PATH: binaries(worker.containerd) },
    },
    {
      name: "kubelet",
      argv: [
        join(worker.kubernetes, "kubelet"),
        ...options({
          config: configFile(worker, `kubelet-${name}.json`),
          "hostname-override": name,
          kubeconfig: kubeconfigOf(worker, `kubelet-${name}`),
          "node-ip": address,
        }),
      ],
    },
    {
      name: "kube-proxy",
      argv: [
        join(worker.kubernetes, "kube-proxy"),
        ...options({ config: configFile(worker, `kube-proxy-${name}.json`) }),
      ],
    },
  ];
}
