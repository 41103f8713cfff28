// For tests: an instance of its own on this machine, with API server and scheduler, and all that could be left of it.
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  accessFromKubeconfig,
  type Client,
  type Container,
  connectClient,
  type Pod,
  type PodSpec,
  pods,
} from "@knvirt/kubernetes";
import { pino } from "pino";
import { startApiServer, writeKubeconfig } from "../apiserver/index.ts";
import { openImageStore, runTool } from "../images/index.ts";
import { startScheduler } from "../scheduler/index.ts";
import { ensureHostImage, type Instance, instanceAt, startPodRunner, teardownEverything } from "./index.ts";

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
      const left = await tracesOf(instance);
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
export async function podWhen(
  client: Client,
  name: string,
  is: (pod: Pod | undefined) => boolean,
): Promise<Pod | undefined> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const pod = await client.find(pods, { namespace: "default", name });
    if (is(pod)) return pod;
    if (Date.now() > deadline) throw new Error(`pod ${name} never became as wanted: ${JSON.stringify(pod, null, 1)}`);
    await sleep(20);
  }
}

export const stateOf = (pod: Pod | undefined) => pod?.status?.containerStatuses?.[0]?.state;

/** Processes, namespaces, mounts, cgroups, rules and links of an instance that are on the machine now. */
export async function tracesOf(instance: Instance): Promise<string[]> {
  const [mounts, netns, tables, links, cgroups, processes] = await Promise.all([
    readFile("/proc/self/mountinfo", "utf8"),
    readdir("/run/netns").catch(() => []),
    runTool("nft", ["list", "tables"]),
    runTool("ip", ["-brief", "link"]),
    runTool("find", ["/sys/fs/cgroup", "-maxdepth", "3", "-name", instance.name]),
    processesOf(instance),
  ]);
  const places = [instance.name, instance.bridge, instance.dataDir];
  return [...[mounts, tables, links, cgroups].flatMap((text) => text.split("\n")), ...netns, ...processes].filter(
    (line) => places.some((place) => line.includes(place)),
  );
}

async function processesOf(instance: Instance): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const about = pids.map(async (pid) => {
    const [command, groups] = await Promise.all(
      ["cmdline", "cgroup"].map((file) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "")),
    );
    const isOurs = groups?.includes(`/${instance.name}/`) || command?.startsWith("/usr/bin/conmon\0");
    return isOurs ? [`process ${pid} ${command?.replaceAll("\0", " ")} ${groups?.split("\n")[0]}`] : [];
  });
  return (await Promise.all(about)).flat();
}
