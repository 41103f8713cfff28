// A launcher for tests: the real service definition on a real socket below a pods directory, behaving as a test says.
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type status,
} from "@grpc/grpc-js";
import { launcherSocket } from "@knvirt/api";
import {
  type CacheFile,
  type DomainState,
  type LauncherServer,
  LauncherService,
  type StartRequest,
  type StatsReply,
  type WatchRequest,
} from "@knvirt/proto";
import { socketSteps } from "../launchers.ts";
import { absent } from "./objects.ts";

interface Refusal {
  code: status;
  details: string;
}

interface Script {
  /** Refusals of the next calls of Start, one each. */
  refuseStart: Refusal[];
  /** The state that a start leads to. */
  started?: DomainState;
  /** How every watch ends at once. */
  refuseWatch?: Refusal;
  /** How every verb for a running guest is refused. */
  refuseCall?: Refusal;
  capabilities: CacheFile[];
  stats?: StatsReply;
  /** What the display shows. */
  png: Buffer;
}

export interface ScriptedLauncher {
  readonly script: Script;
  readonly starts: StartRequest[];
  /** Verbs for a running guest, each with what it was asked. */
  readonly calls: [verb: string, request: unknown][];
  readonly probes: number;
  readonly watches: number;
  /** Tells everybody who watches. */
  say(state: DomainState): void;
  /** Goes away, as when its process dies. */
  stop(): void;
}

export interface PodsDir {
  path: string;
  socketOf(podUid: string, socket?: string): string;
  /** In a volume of the pod. */
  fileOf(podUid: string, volume: string, file: string): string;
  remove(): void;
}

export function podsDir(): PodsDir {
  const path = mkdtempSync(join(tmpdir(), "knvirt-pods-"));
  return {
    path,
    socketOf: (podUid, socket = launcherSocket.grpc) => {
      const found = join(path, ...socketSteps(podUid, socket));
      mkdirSync(dirname(found), { recursive: true });
      return found;
    },
    fileOf: (podUid, volume, file) => {
      const folder = join(path, podUid, "volumes", "kubernetes.io~empty-dir", volume);
      mkdirSync(folder, { recursive: true });
      return join(folder, file);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

export async function scriptedLauncher(socket: string, first: DomainState = absent): Promise<ScriptedLauncher> {
  const script: Script = { refuseStart: [], capabilities: [], png: Buffer.from("PNG") };
  const starts: StartRequest[] = [];
  const calls: [verb: string, request: unknown][] = [];
  const watchers = new Set<ServerWritableStream<WatchRequest, DomainState>>();
  const now = { state: first, probes: 0, watches: 0 };
  const say = (state: DomainState): void => {
    now.state = state;
    for (const watcher of watchers) watcher.write(state);
  };
  const server = new Server();
  const service: LauncherServer = {
    probeCapabilities: (_call, answer) => {
      now.probes += 1;
      answer(null, { files: script.capabilities });
    },
    start: ({ request }, answer) => {
      starts.push(request);
      const refusal = script.refuseStart.shift();
      if (refusal) return answer(refusal);
      answer(null, {});
      if (script.started && script.started !== now.state) say(script.started);
    },
    shutdown: (_call, answer) => answer(null, {}),
    stats: (_call, answer) => script.stats && answer(null, script.stats),
    ...scriptedVerbs(script, calls),
    watch: (call) => {
      now.watches += 1;
      if (script.refuseWatch) return void call.emit("error", script.refuseWatch);
      watchers.add(call);
      call.on("cancelled", () => watchers.delete(call));
      call.write(now.state);
    },
  };
  server.addService(LauncherService, service);
  await bind(server, socket);
  return {
    script,
    starts,
    calls,
    get probes() {
      return now.probes;
    },
    get watches() {
      return now.watches;
    },
    say,
    stop: () => server.forceShutdown(),
  };
}

function scriptedVerbs(script: Script, calls: ScriptedLauncher["calls"]) {
  const did =
    <Reply>(verb: string, reply: Reply): handleUnaryCall<unknown, Reply> =>
    ({ request }, answer) => {
      calls.push([verb, request]);
      if (script.refuseCall) answer(script.refuseCall);
      else answer(null, reply);
    };
  return {
    pause: did("pause", {}),
    resume: did("resume", {}),
    reset: did("reset", {}),
    softReboot: did("softReboot", {}),
    freeze: did("freeze", {}),
    thaw: did("thaw", {}),
    guestInfo: did("guestInfo", { json: '{"hostname":"web"}' }),
    screenshot: did("screenshot", {
      get png() {
        return script.png;
      },
    }),
    ping: did("ping", {}),
    exec: did("exec", { exitCode: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }),
  };
}

async function bind(server: Server, socket: string): Promise<void> {
  rmSync(socket, { force: true });
  // Paths below a pods directory are longer than an address may be.
  const folder = openSync(dirname(socket), "r");
  const address = `unix:/proc/self/fd/${folder}/${basename(socket)}`;
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(address, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve())),
  );
  closeSync(folder);
}
