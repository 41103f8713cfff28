// The programs of the control plane: what each is told.
import { join } from "node:path";
import { options, type Program } from "../node/program.ts";
import { apiServerOptions } from "./api-server.ts";
import { type ControlPlane, certificate, configFile, etcdUrl, kubeconfigOf } from "./layout.ts";

export interface ControlPlanePrograms {
  servers: Program[];
  /** Give up when no API server answers. */
  clients: Program[];
}

export const controlPlanePrograms = (plane: ControlPlane): ControlPlanePrograms => ({
  servers: [etcd(plane), apiServer(plane)],
  clients: [controllerManager(plane), scheduler(plane), dns(plane)],
});

const apiServer = (plane: ControlPlane): Program => ({
  name: "kube-apiserver",
  argv: [join(plane.kubernetes, "kube-apiserver"), ...options(apiServerOptions(plane))],
});

const dns = (plane: ControlPlane): Program => ({
  name: "coredns",
  argv: [plane.dns, "-conf", configFile(plane, "Corefile")],
});

const etcd = (plane: ControlPlane): Program => ({
  name: "etcd",
  argv: [
    "etcd",
    ...options({
      name: plane.node.name,
      "data-dir": join(plane.state, "etcd"),
      "listen-client-urls": etcdUrl,
      "advertise-client-urls": etcdUrl,
      "listen-peer-urls": "http://127.0.0.1:2380",
      "initial-advertise-peer-urls": "http://127.0.0.1:2380",
      "initial-cluster": `${plane.node.name}=http://127.0.0.1:2380`,
      logger: "zap",
      "log-level": "warn",
    }),
  ],
});

const controllerManager = (plane: ControlPlane): Program => ({
  name: "kube-controller-manager",
  argv: [
    join(plane.kubernetes, "kube-controller-manager"),
    ...options({
      kubeconfig: kubeconfigOf(plane, "controller-manager"),
      "authentication-kubeconfig": kubeconfigOf(plane, "controller-manager"),
      "authorization-kubeconfig": kubeconfigOf(plane, "controller-manager"),
      "bind-address": "127.0.0.1",
      "cluster-signing-cert-file": certificate(plane, "ca.crt"),
      "cluster-signing-key-file": certificate(plane, "ca.key"),
      controllers: "*",
      "leader-elect": false,
      "root-ca-file": certificate(plane, "ca.crt"),
      "service-account-private-key-file": certificate(plane, "service-accounts.key"),
      "use-service-account-credentials": true,
    }),
  ],
});

const scheduler = (plane: ControlPlane): Program => ({
  name: "kube-scheduler",
  argv: [
    join(plane.kubernetes, "kube-scheduler"),
    ...options({
      kubeconfig: kubeconfigOf(plane, "scheduler"),
      "authentication-kubeconfig": kubeconfigOf(plane, "scheduler"),
      "authorization-kubeconfig": kubeconfigOf(plane, "scheduler"),
      "bind-address": "127.0.0.1",
      "leader-elect": false,
    }),
  ],
});
