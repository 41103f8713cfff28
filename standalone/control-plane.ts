// The processes of the control plane: how each is started, and how to tell that the API server answers.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { accessFromKubeconfig, type Client, connectClient, namespaces } from "@knvirt/kubernetes";
import { launcherImage } from "./launcher-image.ts";
import { nodeOptions, type ProgramName, programFile } from "./programs.ts";
import { programsDir, type Settings } from "./settings.ts";
import { type Program, type Supervised, supervise } from "./supervisor.ts";

export interface ControlPlane {
  settings: Settings;
  onDeath: (name: string, how: string) => void;
}

const readyWithinMs = 30_000;
const pollMs = 25;

/** A kubeconfig for each of our processes, so that the API server can tell them apart. */
export const kubeconfigOf = ({ dataDir }: Settings, user: string): string =>
  join(dataDir, "access", `${user}.kubeconfig`);

export const socketOf = ({ runDir }: Settings, name: string): string => join(runDir, `${name}.sock`);

export const startCluster = (plane: ControlPlane): Supervised =>
  launch(plane, "cluster", { env: { KNVIRT_DATA: plane.settings.dataDir } });

/** Where functions record their decisions when they are to. */
export const recordFileOf = ({ logDir }: Settings): string => join(logDir, "decisions");

/** With `record` functions keep what they observe and decide. */
export function startParts(plane: ControlPlane, { record }: { record: boolean }): Supervised[] {
  const { settings } = plane;
  const as = (user: string) => ({ KUBECONFIG: kubeconfigOf(settings, user) });
  return [
    launch(plane, "functions", {
      env: {
        ...as("functions"),
        LISTEN: socketOf(settings, "functions"),
        LAUNCHER_IMAGE: launcherImage,
        ...(record && { RECORD: recordFileOf(settings) }),
      },
    }),
    launch(plane, "node-executor", { env: as("node-executor"), args: executorArguments(settings) }),
    launch(plane, "gateway", {
      env: {
        ...as("gateway"),
        LISTEN: socketOf(settings, "gateway"),
        EXECUTOR_SOCKET: socketOf(settings, "executor"),
      },
    }),
  ];
}

function executorArguments(settings: Settings): string[] {
  const { dataDir, nodeName, ports } = settings;
  const certificates = join(dataDir, "pki");
  return [
    // The pod runner keeps pods' folders where a kubelet would, and hands out devices itself.
    ...["--node-name", nodeName, "--kubelet-dir", dataDir, "--no-device-plugins"],
    ...["--state-dir", join(dataDir, "executor")],
    ...["--socket", socketOf(settings, "executor"), "--metrics-listen", `127.0.0.1:${ports.metrics}`],
    ...["--tls-cert", join(certificates, "server.crt"), "--tls-key", join(certificates, "server.key")],
  ];
}

function launch(
  { settings: { dataDir, logDir, runDir }, onDeath }: ControlPlane,
  name: ProgramName,
  { env, args = [] }: { env: Record<string, string>; args?: string[] },
): Supervised {
  const program: Program = {
    name,
    args: [...nodeOptions, programFile(programsDir(dataDir), name), ...args],
    env,
    logFile: join(logDir, `${name}.log`),
    pidFile: join(runDir, `${name}.pid`),
  };
  return supervise(program, { onDeath });
}

/** Waits until the API server answers the administrator. Throws with its last complaint when it does not. */
export async function connectToCluster({ kubeconfig, logDir }: Settings): Promise<Client> {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    try {
      const client = connectClient(accessFromKubeconfig(kubeconfig), "knvirt-start");
      await client.list(namespaces);
      return client;
    } catch (error) {
      if (Date.now() > deadline)
        throw new Error(
          `the API server does not answer: ${(error as Error).message}; see ${join(logDir, "cluster.log")}`,
          { cause: error },
        );
      await sleep(pollMs);
    }
  }
}
