// Benchmark: the latency of simple calls through our client, against libvirt's C client under Python, in the same run.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type Connection, ConnectionError, connect, findDomain, remote } from "@knvirt/libvirt";
import { runTool } from "@knvirt/tools";
import type { Row } from "./row.ts";

const calls = 2000;
/** Both clients take turns, so that whatever else the machine does hits both. */
const rounds = 5;
const maxRatio = 1.2;
const uri = "test:///default";
const nobody = 65534;
/** As in a launcher: with the default of 5 the daemon, not the client, limits how many calls are in flight. */
const launcherSettings = "max_client_requests = 50\n";

/** The same two calls in a loop, each timed by itself; python3-libvirt is a thin wrapper around the C client. */
const python = `
import json, libvirt, sys, time
connection = libvirt.open(sys.argv[1])
domain = connection.lookupByName("test")
def p50(call):
    for _ in range(200): call()
    times = []
    for _ in range(${calls}):
        start = time.perf_counter_ns()
        call()
        times.append(time.perf_counter_ns() - start)
    return sorted(times)[len(times) // 2] / 1000
print(json.dumps({"connect_get_lib_version": p50(connection.getLibVersion), "domain_get_state": p50(domain.state)}))
`;

type Figures = Record<string, number>;
interface Round {
  ours: Figures;
  pipelined: Figures;
  theirs: Figures;
}

export async function libvirtClientBench(): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), "bench-libvirtd-"));
  const { daemon, socketPath } = startDaemon(directory);
  try {
    const measured = await measure(socketPath);
    return Object.keys(measured[0]?.ours ?? {}).flatMap((name) => {
      const p50 = (client: keyof Round): number => median(measured.map((round) => round[client][name] ?? 0));
      return rows(name, { ours: p50("ours"), pipelined: p50("pipelined"), theirs: p50("theirs") });
    });
  } finally {
    daemon.kill("SIGKILL");
    await once(daemon, "exit");
    rmSync(directory, { recursive: true });
  }
}

async function measure(socketPath: string): Promise<Round[]> {
  const connection = await connectWhenUp(socketPath);
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++)
    measured.push({ theirs: await pythonClient(socketPath), ...(await ourClient(connection)) });
  await connection.close();
  return measured;
}

function rows(name: string, { ours, pipelined, theirs }: { ours: number; pipelined: number; theirs: number }): Row[] {
  const show = (figure: number): string =>
    `${figure.toFixed(0)} µs, ${(figure / theirs).toFixed(2)} x of python3-libvirt's ${theirs.toFixed(0)} µs`;
  return [
    {
      name: `libvirt ${name}, p50`,
      value: show(ours),
      target: `${maxRatio} x or less`,
      met: ours <= maxRatio * theirs,
    },
    { name: `libvirt ${name}, pipelined`, value: show(pipelined), target: "less than 1 x", met: pipelined < theirs },
  ];
}

function startDaemon(directory: string): { daemon: ChildProcess; socketPath: string } {
  const folders = ["", "runtime", "cache", "config", "config/libvirt"].map((name) => join(directory, name));
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chownSync(folder, nobody, nobody);
  }
  const [home, runtime, cache, config] = folders;
  writeFileSync(join(directory, "config/libvirt/libvirtd.conf"), launcherSettings);
  const env = {
    ...process.env,
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    XDG_CONFIG_HOME: config,
    XDG_CACHE_HOME: cache,
  };
  const daemon = spawn("/usr/sbin/libvirtd", [], { uid: nobody, gid: nobody, env, stdio: "ignore" });
  return { daemon, socketPath: join(directory, "runtime/libvirt/libvirt-sock") };
}

async function connectWhenUp(socketPath: string): Promise<Connection> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await connect({ socketPath, uri });
    } catch (error) {
      if (!(error instanceof ConnectionError && error.reason === "unreachable") || attempt === 500) throw error;
      await setTimeout(20);
    }
  }
}

async function pythonClient(socketPath: string): Promise<Figures> {
  const socketUri = `test+unix:///default?socket=${socketPath}`;
  return JSON.parse(await runTool("/usr/bin/python3", ["-c", python, socketUri], { cwd: "/" }));
}

async function ourClient(connection: Connection): Promise<{ ours: Figures; pipelined: Figures }> {
  const domain = await findDomain(connection, "test");
  if (!domain) throw new Error("the test driver has no domain named test");
  const measures: Record<string, () => Promise<unknown>> = {
    connect_get_lib_version: () => connection.call(remote.connectGetLibVersion, {}),
    domain_get_state: () => connection.call(remote.domainGetState, { dom: domain, flags: 0 }),
  };
  const figures: { ours: Figures; pipelined: Figures } = { ours: {}, pipelined: {} };
  for (const [name, call] of Object.entries(measures)) {
    for (let warmUp = 0; warmUp < 200; warmUp++) await call();
    figures.ours[name] = await sequential(call);
    figures.pipelined[name] = await pipelined(call);
  }
  return figures;
}

async function sequential(call: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < calls; index++) {
    const start = performance.now();
    await call();
    times.push((performance.now() - start) * 1000);
  }
  return median(times);
}

/** Time per call when all are under way together. */
async function pipelined(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await Promise.all(Array.from({ length: calls }, call));
  return ((performance.now() - start) * 1000) / calls;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

if (import.meta.main) {
  for (const { name, value, target, met } of await libvirtClientBench())
    console.log(`${met ? "ok  " : "MISS"} ${name}: ${value} (target ${target})`);
}
