// A launcher in a container as its pod would be: own processes, mounts and network, user 107, nothing but its volumes
// writable. Made by unshare, so that a test needs no runtime; and no image, but it takes the root file system of one that
// KNVIRT_LAUNCHER_IMAGE names.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chown,
  constants,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { credentials } from "@grpc/grpc-js";
import { launcherPath, launcherUser, type VirtualMachineInstance } from "@knvirt/api";
import { bundle, launcherRun, programs } from "@knvirt/build";
import {
  type CacheFile,
  type DomainPhase,
  type DomainState,
  LauncherClient,
  type ProbeCapabilitiesReply,
  type ShutdownRequest,
  type StartRequest,
  type StatsReply,
} from "@knvirt/proto";
import { runTool, signalIfThere } from "@knvirt/tools";
import { exists, ifThere } from "../if-there.ts";
import { libvirtFiles } from "../libvirt-files.ts";
import { pathsBelow } from "../paths.ts";
import { containerScript } from "./container.ts";

export interface PodOptions {
  vmi: VirtualMachineInstance;
  graceSeconds?: number;
  /** Files of volumes, by their path below /var/run/knvirt. */
  files?: Record<string, string | Buffer>;
  /** Files of this machine that are copied there, by the same kind of path. */
  copies?: Record<string, string>;
  /** What another launcher found out about the emulator. */
  capabilitiesCache?: CacheFile[];
  /** Shell commands run as root in the container before the launcher. */
  prepare?: string;
}

/** Built once for a test file. */
export async function buildLauncher(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "knvirt-launcher-"));
  await bundle(programs.launcher, join(directory, "launcher.js"));
  return directory;
}

export class Pod {
  readonly volumes: string;
  readonly client: LauncherClient;
  readonly #unshare: ChildProcess;
  readonly #exit: Promise<number>;
  readonly #vmi: VirtualMachineInstance;
  readonly #capabilitiesCache: CacheFile[];
  /** The container's process namespace. */
  #space = "";
  #output = "";

  static async run(bundle: string, options: PodOptions): Promise<Pod> {
    const { vmi, graceSeconds = 30, files = {}, copies = {}, prepare = "" } = options;
    const volumes = await mkdtemp(join(tmpdir(), "knvirt-pod-"));
    await chown(volumes, launcherUser, launcherUser);
    for (const volume of ["sockets", "private", "disks"]) {
      await mkdir(join(volumes, volume));
      await chown(join(volumes, volume), launcherUser, launcherUser);
    }
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(volumes, path)), { recursive: true });
      await writeFile(join(volumes, path), content);
    }
    for (const [path, source] of Object.entries(copies)) {
      await mkdir(dirname(join(volumes, path)), { recursive: true });
      await copyFile(source, join(volumes, path), constants.COPYFILE_FICLONE);
    }
    const unshare = spawn(
      "unshare",
      ["--mount", "--pid", "--net", "--fork", "--kill-child", "--mount-proc", "sh", "-c", containerScript],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          PATH: process.env.PATH,
          NODE: process.execPath,
          BUNDLE: join(bundle, "launcher.js"),
          RUN: launcherRun,
          VOLUMES: volumes,
          PREPARE: prepare,
          IMAGE: process.env.KNVIRT_LAUNCHER_IMAGE,
          KNVIRT_VMI_NAMESPACE: vmi.metadata.namespace,
          KNVIRT_VMI_NAME: vmi.metadata.name,
          KNVIRT_VMI_UID: vmi.metadata.uid,
          KNVIRT_GRACE_SECONDS: `${graceSeconds}`,
        },
      },
    );
    const pod = new Pod(unshare, volumes, options);
    await pod.eventually("the launcher serves", () => pod.#isServing());
    pod.#space = await readlink(`/proc/${unshare.pid}/ns/pid_for_children`);
    return pod;
  }

  private constructor(unshare: ChildProcess, volumes: string, { vmi, capabilitiesCache = [] }: PodOptions) {
    this.#capabilitiesCache = capabilitiesCache;
    this.volumes = volumes;
    this.#unshare = unshare;
    this.#vmi = vmi;
    this.#exit = once(unshare, "exit").then(([code, signal]) => code ?? signal);
    for (const stream of [unshare.stdout, unshare.stderr])
      stream?.on("data", (chunk: Buffer) => {
        this.#output += chunk;
      });
    this.client = new LauncherClient(`unix:${join(volumes, "sockets/launcher.sock")}`, credentials.createInsecure());
  }

  start(given: Partial<StartRequest> = {}): Promise<unknown> {
    const request = {
      vmi: JSON.stringify(this.#vmi),
      emulation: true,
      capabilitiesCache: this.#capabilitiesCache,
      interfaces: [],
      ...given,
    };
    return promisify(this.client.start.bind(this.client) as Unary<StartRequest, unknown>)(request);
  }

  shutdown(graceSeconds: number): Promise<unknown> {
    return promisify(this.client.shutdown.bind(this.client) as Unary<ShutdownRequest, unknown>)({ graceSeconds });
  }

  stats(): Promise<StatsReply> {
    return promisify(this.client.stats.bind(this.client) as Unary<object, StatsReply>)({});
  }

  probeCapabilities(): Promise<ProbeCapabilitiesReply> {
    return promisify(this.client.probeCapabilities.bind(this.client) as Unary<object, ProbeCapabilitiesReply>)({});
  }

  /** Every state until the stream ends or one is as wanted. */
  async watch(until: (state: DomainState) => boolean = () => false): Promise<DomainState[]> {
    const stream = this.client.watch({});
    const seen: DomainState[] = [];
    try {
      for await (const state of stream as AsyncIterable<DomainState>) {
        seen.push(state);
        if (until(state)) break;
      }
    } finally {
      stream.cancel();
    }
    return seen;
  }

  /** The first state in that phase. */
  async reaches(phase: DomainPhase): Promise<DomainState> {
    const state = (await this.watch((state) => state.phase === phase)).at(-1);
    if (state?.phase !== phase) throw new Error(`phase ${phase} was not reached, last was ${JSON.stringify(state)}`);
    return state;
  }

  says(word: string): Promise<void> {
    return this.eventually(`the guest says ${word}`, async () =>
      (await this.file("private/serial0.log")).includes(word),
    );
  }

  /** Exit code of the container. */
  get exited(): Promise<number> {
    return this.#exit;
  }

  file(path: string): Promise<string> {
    return readFile(join(this.volumes, path), "utf8").catch(() => "");
  }

  terminationMessage(): Promise<string> {
    return this.file("termination-log");
  }

  signal(signal: NodeJS.Signals): Promise<void> {
    return this.kill("tini", signal);
  }

  /** Sends the signal to all processes of that name in the container. */
  async kill(name: string, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    for (const pid of await this.pids(name)) signalIfThere(pid, signal);
  }

  /** As this machine numbers them. */
  async pids(name: string): Promise<number[]> {
    const found: number[] = [];
    for (const pid of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
      const comm = await ifThere(readFile(`/proc/${pid}/comm`, "utf8"));
      if (comm?.trim() !== name) continue;
      if ((await ifThere(readlink(`/proc/${pid}/ns/pid`))) === this.#space) found.push(Number(pid));
    }
    return found;
  }

  /** The process before left its socket behind: only an answer tells. */
  isServingAgain(): Promise<void> {
    return this.eventually(
      "the launcher serves again",
      async () => (await this.pids("MainThread")).length > 0 && (await this.#answers()),
    );
  }

  /** Whether somebody in the container's network holds UDP port 67. */
  async listensOnDhcp(): Promise<boolean> {
    const [pid] = await this.pids("tini");
    return / 00000000:0043 /.test(await readFile(`/proc/${pid}/net/udp`, "utf8"));
  }

  /** A command to QEMU's human monitor, past the launcher. */
  async monitor(command: string): Promise<void> {
    const { namespace, name } = this.#vmi.metadata;
    const { socket } = libvirtFiles(pathsBelow("/"));
    const uri = `qemu:///session?socket=${join(this.volumes, relative(dirname(launcherPath.private), socket))}`;
    const order = ["qemu-monitor-command", `${namespace}_${name}`, "--hmp", command];
    await runTool("virsh", ["--quiet", "--connect", uri, ...order]);
  }

  /** Whatever the test made of it, nothing stays behind. */
  async close(): Promise<void> {
    this.client.close();
    // The first process of the container takes all others with it.
    await this.kill("tini");
    this.#unshare.kill("SIGKILL");
    await this.#exit;
    await rm(this.volumes, { recursive: true, force: true });
  }

  async eventually(what: string, condition: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
    for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await delay(20))
      if (await condition()) return;
    throw new Error(`not in time: ${what}\n${this.#output}\n${await this.file("private/libvirtd.log")}`);
  }

  async #answers(): Promise<boolean> {
    const states = await this.watch(() => true).catch(() => []);
    return states.length > 0;
  }

  /** Asked only once the socket is there: a channel that was refused waits a second before it tries again. */
  async #isServing(): Promise<boolean> {
    if (!(await exists(join(this.volumes, "sockets/launcher.sock")))) return false;
    return promisify(this.client.waitForReady.bind(this.client))(Date.now() + 5_000).then(
      () => true,
      () => false,
    );
  }
}

type Unary<Request, Reply> = (request: Request, answer: (error: Error | null, reply: Reply) => void) => void;
