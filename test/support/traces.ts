// What an instance has left on the machine: nothing, once it was stopped.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type Instance, instanceAt } from "../../standalone/pod-runner/index.ts";
import { eventually } from "./eventually.ts";
import { processIds, textOf } from "./processes.ts";

const run = (command: string, ...args: string[]): string => execFileSync(command, args, { encoding: "utf8" });
const lines = (text: string, part: string): string[] => text.split("\n").filter((line) => line.includes(part));

/** One line for each trace. */
export function tracesOf(dataDir: string): string[] {
  const instance = instanceAt(dataDir);
  const { name, bridge, runDir } = instance;
  return [
    ...processesOf(instance),
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

/** Waits until no trace names a pod. */
export const untilNoTrace = (dataDir: string, podUid: string): Promise<true> => {
  const left = () => tracesOf(dataDir).filter((line) => line.includes(podUid));
  const evidence = async () => left().join("\n");
  return eventually(() => left().length === 0 && true, {
    seconds: 60,
    what: `nothing is left of ${podUid}`,
    evidence,
  });
};

/** Those in its control groups, and those that were told where its files are. */
const processesOf = ({ name, dataDir }: Instance): string[] =>
  processIds()
    .filter((pid) => pid !== process.pid)
    .flatMap((pid) => {
      const [command, groups] = [textOf(`/proc/${pid}/cmdline`), textOf(`/proc/${pid}/cgroup`)];
      const isOurs = groups.includes(`/${name}/`) || [`/${name}/`, `${dataDir}/`].some((at) => command.includes(at));
      return isOurs ? [`process ${pid} ${command.replaceAll("\0", " ")} ${groups.split("\n")[0]}`] : [];
    });

function cgroupsOf(name: string): string[] {
  const root = "/sys/fs/cgroup";
  return readdirSync(root)
    .map((controller) => `${root}/${controller}/${name}`)
    .concat(`${root}/${name}`)
    .filter((path) => existsSync(path));
}
