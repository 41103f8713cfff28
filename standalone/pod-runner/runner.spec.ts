// The pod runner on this machine for real: crun, conmon, CNI, cgroups, against the embedded API server.

import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type Client, inform, nodes, type Pod, pods, secrets } from "@knvirt/kubernetes";
import { runTool } from "@knvirt/tools";
import { eventually } from "../../test/support/eventually.ts";
import { untilNoTrace } from "../../test/support/traces.ts";
import { openImageStore } from "../images/index.ts";
import { aMachine, aPod, podWhen, runnerOn, stateOf, type TestMachine, waits } from "../testing/test-machine.ts";
import { imagesInUse, type PodRunner, readLog } from "./index.ts";
import { observePod } from "./observe.ts";

let machine: TestMachine;
let client: Client;
let runner: PodRunner | undefined;

beforeAll(async () => {
  machine = await aMachine();
  client = machine.client;
});
beforeEach(async () => {
  runner = await runnerOn(machine);
});
afterEach(async () => {
  await runner?.stop();
});
afterAll(async () => {
  expect(await machine.end()).toEqual([]);
});

const isRunning = (pod: Pod | undefined): boolean => pod?.status?.phase === "Running";
const isGone = (pod: Pod | undefined): boolean => pod === undefined;
const hasEnded = (pod: Pod | undefined): boolean => ["Succeeded", "Failed"].includes(pod?.status?.phase ?? "");
const remove = (name: string) => client.delete(pods, { namespace: "default", name });

/** The log up to and with the given text. */
async function logWith({ metadata: { uid = "" } }: Pod, last: string): Promise<string> {
  let text = "";
  for await (const piece of readLog(machine.instance, { uid, container: "main" }, { follow: true })) {
    text += piece;
    if (text.includes(last)) break;
  }
  return text;
}

async function pidOf(pod: Pod | undefined): Promise<number> {
  const pid = (await observePod(machine.instance, pod?.metadata.uid ?? ""))?.containers.main?.pid;
  if (pid === undefined) throw new Error(`pod ${pod?.metadata.name} has no running container`);
  return pid;
}

/** Every status the pod had, in order, until it was gone. */
async function statusesUntilGone(name: string): Promise<string[]> {
  const phases: string[] = [];
  await podWhen(client, name, (pod) => {
    const told = JSON.stringify([pod?.status?.phase, stateOf(pod)?.terminated]);
    if (pod && phases.at(-1) !== told) phases.push(told);
    return pod === undefined;
  });
  return phases;
}

test("a pod runs with its volumes, user, limits and network, and ends when asked to", async () => {
  const userData = Buffer.from("hello").toString("base64");
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "cloud", namespace: "default" },
    data: { userData },
  };
  await client.create(secrets, secret);
  const script = `id; cat /secret/userData; echo; stat -c '%a %u:%g' /secret/userData /work /memory; ip -4 -br addr show eth0;
    touch /denied 2>&1; grep -E '^(CapBnd|NoNewPrivs|Seccomp):' /proc/self/status; cat /etc/hostname; echo hidden: $(ls -A /root /home | grep -c "^[^/]"); ls /dev; ${waits}`;
  const pod = aPod("whole", script, {
    volumes: [
      { name: "work", emptyDir: {} },
      { name: "memory", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
      { name: "secret", secret: { secretName: "cloud" } },
    ],
    container: {
      volumeMounts: ["work", "memory", "secret"].map((name) => ({ name, mountPath: `/${name}` })),
      resources: { limits: { memory: "32Mi", cpu: "500m", "devices.kubevirt.io/tun": "1" } },
    },
  });
  await client.create(pods, pod);
  const running = (await podWhen(client, "whole", isRunning)) as Pod;
  expect(running.status).toMatchObject({
    conditions: expect.arrayContaining([expect.objectContaining({ type: "Ready", status: "True" })]),
    qosClass: "Guaranteed",
    podIP: expect.stringMatching(/^10\./),
  });
  const log = await logWith(running, "\nup\n");
  // This machine may have a group of that number.
  expect(log).toMatch(/uid=107\(qemu\) gid=107\S* groups=107\S*\nhello\n644 0:107\n2777 0:107\n2777 0:107\n/);
  expect(log).toContain(running.status?.podIP);
  expect(log).toContain("Read-only file system");
  expect(log).toContain("CapBnd:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\nwhole\n");
  expect(log).toContain("\nhidden: 0\n");
  expect(log).toContain("\nnet\n");
  expect(log).not.toContain("\nkvm\n");

  await remove("whole");
  const told = await statusesUntilGone("whole");
  expect(told.at(-1)).toContain('["Failed",{"exitCode":3,"reason":"Error","message":"asked to end\\n"');
});

test("one status is written when a pod runs, and one when it has ended", async () => {
  const seen: (string | undefined)[] = [];
  const watching = inform(client, pods, {
    onChange: ({ object }) => object.metadata.name === "thrifty" && seen.push(object.status?.phase),
  });
  await watching.synced;
  await client.create(pods, aPod("thrifty", "trap 'exit 0' TERM; echo up; sleep 300 & wait"));
  const running = (await podWhen(client, "thrifty", isRunning)) as Pod;
  await logWith(running, "up\n"); // from here on it listens
  process.kill(await pidOf(running), "SIGTERM");
  const ended = (await podWhen(client, "thrifty", hasEnded)) as Pod;
  expect(stateOf(ended)?.terminated).toMatchObject({ exitCode: 0, reason: "Completed" });
  await eventually(() => seen.at(-1) === "Succeeded", {
    what: "its end is seen",
    evidence: async () => seen.join(", "),
  });
  expect(seen).toEqual(["Pending", "Pending", "Running", "Succeeded"]); // created, bound, and ours
  watching.stop();
  await remove("thrifty");
  await podWhen(client, "thrifty", isGone);
});

test.each([
  {
    when: "a missing Secret",
    spec: { volumes: [{ name: "s", secret: { secretName: "absent" } }] },
    reason: "CreateContainerConfigError",
    says: "volume s needs secret default/absent: it does not exist",
  },
  {
    when: "an image that does not exist",
    spec: { container: { image: "oci:/nonexistent/layout:tag" } },
    reason: "ErrImagePull",
    says: "image oci:/nonexistent/layout:tag: there is no such image",
  },
  {
    when: "an image that must not be pulled",
    spec: { container: { image: "example.com/none:1", imagePullPolicy: "Never" as const } },
    reason: "ErrImageNeverPull",
    says: "image example.com/none:1 is not on this machine",
  },
  {
    when: "root where none may be",
    spec: { securityContext: { runAsNonRoot: true } },
    reason: "CreateContainerConfigError",
    says: "container main has runAsNonRoot and would run as root",
  },
  {
    when: "a program that does not exist",
    spec: { container: { command: ["/no/such/program"] } },
    reason: "RunContainerError",
    says: "/no/such/program",
  },
])("$when is told as the waiting reason", async ({ spec, reason, says }) => {
  await client.create(pods, aPod("stuck", waits, spec));
  const stuck = await podWhen(client, "stuck", (pod) => stateOf(pod)?.waiting?.reason === reason);
  expect(stateOf(stuck)?.waiting?.message).toContain(says);
  expect(stuck?.status?.phase).toBe("Pending");
  await remove("stuck");
  await podWhen(client, "stuck", isGone);
});

test("containers of a pulled image write to layers of their own, and image volumes are read-only", async () => {
  const reference = await busyboxImage(machine.directory);
  const script = `echo own > /made; cat /made /image/etc/release; touch /image/x 2>&1; echo up; sleep 300`;
  const pod = aPod("pulled", script, {
    terminationGracePeriodSeconds: 0,
    volumes: [{ name: "image", image: { reference } }],
    securityContext: {},
    container: { image: reference, volumeMounts: [{ name: "image", mountPath: "/image" }], securityContext: {} },
  });
  await client.create(pods, pod);
  const running = (await podWhen(client, "pulled", isRunning)) as Pod;
  expect(running.status?.containerStatuses?.[0]?.imageID).toMatch(/^oci:.*@sha256:[0-9a-f]{64}$/);
  const log = await logWith(running, "up\n");
  expect(log).toContain("own\nbusybox for tests\n");
  const images = openImageStore(join(machine.instance.dataDir, "images"));
  expect(await images.prune(await imagesInUse(machine.instance))).toEqual([]);
  expect(log).toContain("Read-only file system");
  await client.delete(pods, { namespace: "default", name: "pulled" }, { gracePeriodSeconds: 1 });
  await podWhen(client, "pulled", isGone);
});

/** An image with a shell, in a local layout. */
async function busyboxImage(directory: string): Promise<string> {
  const [layout, root] = [join(directory, "layout"), join(directory, "root")];
  for (const part of ["bin", "etc", "image"]) await mkdir(join(root, part), { recursive: true });
  await copyFile("/bin/busybox", join(root, "bin/busybox"));
  for (const name of ["sh", "cat", "touch", "sleep"]) await symlink("busybox", join(root, "bin", name));
  await writeFile(join(root, "etc/release"), "busybox for tests\n");
  await runTool("umoci", ["init", "--layout", layout]);
  await runTool("umoci", ["new", "--image", `${layout}:1`]);
  await runTool("umoci", ["insert", "--image", `${layout}:1`, root, "/"]);
  return `oci:${layout}:1`;
}

test("a pod starts once the Secret it waits for is there", async () => {
  await client.create(pods, aPod("patient", waits, { volumes: [{ name: "s", secret: { secretName: "late" } }] }));
  await podWhen(client, "patient", (pod) => stateOf(pod)?.waiting !== undefined);
  await client.create(secrets, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "late", namespace: "default" },
  });
  const running = await podWhen(client, "patient", isRunning);
  expect(running?.status?.containerStatuses?.[0]?.restartCount).toBe(0);
  await remove("patient");
  await podWhen(client, "patient", isGone);
});

test("a field that is not supported is refused by its path", async () => {
  const volumes = [{ name: "work", emptyDir: { sizeLimit: "1Mi" } }];
  await client.create(pods, aPod("strange", waits, { volumes }));
  const refused = await podWhen(client, "strange", hasEnded);
  expect(refused?.status).toMatchObject({
    phase: "Failed",
    reason: "UnsupportedPodSpec",
    message: "pod default/strange cannot be run on this machine: spec.volumes[0].emptyDir.sizeLimit not supported",
  });
  await remove("strange");
  await podWhen(client, "strange", isGone);
});

test("a container that uses more memory than its limit is told to be OOMKilled", async () => {
  const container = { resources: { limits: { memory: "16Mi" } } };
  await client.create(pods, aPod("greedy", "x=$(head -c 64m /dev/zero | tr '\\0' a); echo $x", { container }));
  const ended = await podWhen(client, "greedy", hasEnded);
  expect(stateOf(ended)?.terminated?.reason).toBe("OOMKilled");
  await remove("greedy");
  await podWhen(client, "greedy", isGone);
});

test("a container that fails is started again after a pause when its pod says so", async () => {
  await client.create(pods, aPod("again", "exit 1", { restartPolicy: "OnFailure" }));
  const waiting = await podWhen(client, "again", (pod) => stateOf(pod)?.waiting?.reason === "CrashLoopBackOff");
  expect(waiting?.status?.phase).toBe("Running");
  expect(waiting?.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode).toBe(1);
  await remove("again");
  await podWhen(client, "again", isGone);
});

test("a pod that does not listen is killed when its grace period is over", async () => {
  await client.create(pods, aPod("deaf", "trap '' TERM; echo up; sleep 300", { terminationGracePeriodSeconds: 1 }));
  await podWhen(client, "deaf", isRunning);
  await remove("deaf");
  expect((await statusesUntilGone("deaf")).at(-1)).toContain('"exitCode":137');
});

test("pods outlive the runner, and what happened meanwhile is noticed", async () => {
  for (const [name, script] of [
    ["stays", waits],
    ["ends", "trap 'exit 5' TERM; echo up; sleep 300 & wait"],
    ["orphan", waits],
  ] as const)
    await client.create(pods, aPod(name, script));
  const [stays, ends, orphan] = await Promise.all(
    ["stays", "ends", "orphan"].map(async (name) => (await podWhen(client, name, isRunning)) as Pod),
  );
  const pid = await pidOf(stays);

  await logWith(ends as Pod, "up\n"); // from here on it listens
  await runner?.stop();
  process.kill(await pidOf(ends), "SIGTERM");
  await client.delete(pods, { namespace: "default", name: "orphan" }, { gracePeriodSeconds: 0 });
  runner = await runnerOn(machine);

  const ended = await podWhen(client, "ends", hasEnded);
  expect(stateOf(ended)?.terminated?.exitCode).toBe(5);
  expect(await pidOf(stays)).toBe(pid);
  expect(await readFile(`/proc/${pid}/comm`, "utf8")).toBe("sh\n");
  expect((await podWhen(client, "stays", isRunning))?.metadata.resourceVersion).toBe(stays?.metadata.resourceVersion);
  for (const name of ["stays", "ends"]) await remove(name);
  await Promise.all(["stays", "ends"].map((name) => podWhen(client, name, isGone)));
  await untilNoTrace(machine.instance.dataDir, orphan?.metadata.uid ?? "");
});

test("a pod that does not fit waits until there is room", async () => {
  const { status = {} } = (await client.find(nodes, { name: "here" })) ?? {};
  const all = { resources: { requests: { memory: status.allocatable?.memory ?? "" } } };
  await client.create(pods, aPod("first", waits, { container: all }));
  await podWhen(client, "first", isRunning);
  await client.create(pods, aPod("second", waits, { container: { resources: { requests: { memory: "1Mi" } } } }));
  const waiting = await podWhen(client, "second", (pod) => pod?.status?.conditions?.[0]?.status === "False");
  expect(waiting?.status?.conditions?.[0]).toMatchObject({
    type: "PodScheduled",
    reason: "Unschedulable",
    message: "0/1 nodes are available: 1 Insufficient memory.",
  });
  await remove("first");
  await podWhen(client, "second", isRunning);
  await remove("second");
  await Promise.all(["first", "second"].map((name) => podWhen(client, name, isGone)));
});
