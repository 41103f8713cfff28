// For tests: an instance of its own on this machine, with API server and scheduler, and all that could be left of it.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  accessFromKubeconfig,
  type Client,
  type Container,
  connectClient,
  type Pod,
  type PodSpec,
  pods,
} from "@knvirt/kubernetes";
import { runTool } from "@knvirt/tools";
import { pino } from "pino";
import { objectWhen } from "../../test/support/object-when.ts";
import { tracesOf } from "../../test/support/traces.ts";
import { startApiServer, writeKubeconfig } from "../apiserver/index.ts";
import { openImageStore } from "../images/index.ts";
import {
  ensureHostImage,
  type Instance,
  instanceAt,
  startPodRunner,
  teardownEverything,
} from "../pod-runner/index.ts";
import { startScheduler } from "../scheduler/index.ts";

const nodeName = "here";
const hostImage = "knvirt.dev/launcher:dev";
const token = "only-for-this-test";

export interface TestMachine {
  instance: Instance;
  client: Client;
  kubeconfig: string;
  directory: string;
  /** Everything ends; answers with what is left on the machine, which should be nothing. */
  end(): Promise<string[]>;
}

/** `dataSize`: the data directory is a file system of its own, and so large. */
export async function aMachine({ dataSize }: { dataSize?: string } = {}): Promise<TestMachine> {
  const directory = await mkdtemp(join(tmpdir(), "knvirt-runner-"));
  const instance = instanceAt(join(directory, "data"));
  await mkdir(instance.dataDir);
  if (dataSize) await runTool("mount", ["-t", "tmpfs", "-o", `size=${dataSize}`, "tmpfs", instance.dataDir]);
  const tokens = [{ username: "admin", groups: ["system:masters"], token }];
  const server = await startApiServer({ dataDir: join(directory, "api"), port: 0, tokens });
  const kubeconfig = join(directory, "kubeconfig");
  writeKubeconfig(kubeconfig, { ...server, username: "admin", token });
  const client = connectClient(accessFromKubeconfig(kubeconfig));
  const scheduler = await startScheduler({ client, log: pino({ level: "silent" }) });
  await ensureHostImage(instance, {
    name: hostImage,
    files: { "/etc/passwd": { content: "root:x:0:0::/:/bin/sh\nqemu:x:107:107::/:/bin/sh\n" } },
    entrypoint: ["/usr/bin/env"],
  });
  return {
    ...{ instance, client, kubeconfig, directory },
    end: async () => {
      await scheduler.stop();
      client.close();
      await server.close();
      await teardownEverything(instance, { graceSeconds: 2 });
      if (dataSize) await runTool("umount", [instance.dataDir]);
      const left = tracesOf(instance.dataDir);
      await rm(directory, { recursive: true, force: true });
      return left;
    },
  };
}

export const runnerOn = ({ instance, kubeconfig }: Pick<TestMachine, "instance" | "kubeconfig">, level = "error") =>
  startPodRunner({
    instance,
    client: connectClient(accessFromKubeconfig(kubeconfig)),
    nodeName,
    images: openImageStore(join(instance.dataDir, "images")),
    log: pino({ level }),
  });

/** A pod of one shell script, unprivileged as launchers are. */
export const aPod = (
  name: string,
  script: string,
  spec: Partial<PodSpec> & { container?: Partial<Container> } = {},
): Pod => {
  const { container, ...rest } = spec;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 5,
      securityContext: { runAsUser: 107, runAsGroup: 107, fsGroup: 107, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "main",
          image: hostImage,
          args: ["/bin/sh", "-c", script],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          ...container,
        },
      ],
      ...rest,
    },
  };
};

/** Ends in order when asked to, with a word about it. */
export const waits = "trap 'echo asked to end > /dev/termination-log; exit 3' TERM; echo up; sleep 300 & wait";

/** The pod once it is as wanted; `undefined` stands for a pod that is gone. */
export const podWhen = (
  client: Client,
  name: string,
  is: (pod: Pod | undefined) => boolean,
): Promise<Pod | undefined> => objectWhen(client, { of: pods, key: { namespace: "default", name }, is });

export const stateOf = (pod: Pod | undefined) => pod?.status?.containerStatuses?.[0]?.state;
