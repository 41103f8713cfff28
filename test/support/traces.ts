// What an instance has left on the machine: nothing, once it was stopped.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { instanceAt } from "../../standalone/pod-runner/index.ts";
import { processesIn, programOf } from "./processes.ts";

const run = (command: string, ...args: string[]): string => execFileSync(command, args, { encoding: "utf8" });
const lines = (text: string, part: string): string[] => text.split("\n").filter((line) => line.includes(part));

/** One line for each trace. */
export function tracesOf(dataDir: string): string[] {
  const { name, bridge, runDir } = instanceAt(dataDir);
  return [
    ...processesIn(`/${name}/`).map((pid) => `process ${pid} ${programOf(pid)}`),
    ...processesWith(dataDir).map((pid) => `process ${pid} ${programOf(pid)} of the control plane`),
    ...lines(run("ip", "netns", "list"), name).map((line) => `network namespace ${line}`),
    ...lines(run("ip", "-o", "link"), bridge).map((line) => `link ${line}`),
    ...lines(run("nft", "list", "tables"), name).map((line) => `nft ${line}`),
    ...[dataDir, runDir].flatMap((path) =>
      lines(readFileSync("/proc/mounts", "utf8"), path).map((line) => `mount ${line}`),
    ),
    ...cgroupsOf(name).map((path) => `cgroup ${path}`),
    ...(existsSync(runDir) ? [`directory ${runDir}`] : []),
  ];
}

const processesWith = (dataDir: string): number[] =>
  readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`${dataDir}/`);
      } catch {
        return false;
      }
    });

function cgroupsOf(name: string): string[] {
  const root = "/sys/fs/cgroup";
  return readdirSync(root)
    .map((controller) => `${root}/${controller}/${name}`)
    .concat(`${root}/${name}`)
    .filter((path) => existsSync(path));
}
