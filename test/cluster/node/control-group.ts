// Control groups of a node in every hierarchy of this machine, whether it has one (version 2) or many (version 1).
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const mount = "/sys/fs/cgroup";

const isVersion2 = (): boolean => existsSync(join(mount, "cgroup.controllers"));

const hierarchies = (): string[] =>
  isVersion2()
    ? [mount]
    : readdirSync(mount)
        .map((name) => join(mount, name))
        .filter((folder) => existsSync(join(folder, "cgroup.procs")));

/** Makes the group where it is missing and moves this process there, and so all that it starts. */
export function enterControlGroup(group: string): void {
  for (const hierarchy of hierarchies()) {
    makeGroup(hierarchy, group.split("/").filter(Boolean));
    writeFileSync(join(hierarchy, group, "cgroup.procs"), String(process.pid));
  }
}

function makeGroup(parent: string, [first, ...rest]: string[]): void {
  if (first === undefined) return;
  const folder = join(parent, first);
  mkdirSync(folder, { recursive: true });
  // A new set of processors is empty, and takes no process until it is filled.
  for (const file of ["cpuset.cpus", "cpuset.mems"])
    if (existsSync(join(folder, "cpuset.cpu_exclusive")) && readFileSync(join(folder, file), "utf8").trim() === "")
      writeFileSync(join(folder, file), readFileSync(join(parent, file)));
  passOnControllers(parent);
  makeGroup(folder, rest);
}

/** In version 2 a group limits its children only by what its parent lets it. */
function passOnControllers(parent: string): void {
  if (!isVersion2()) return;
  const controllers = readFileSync(join(parent, "cgroup.controllers"), "utf8").split(/\s+/).filter(Boolean);
  writeFileSync(join(parent, "cgroup.subtree_control"), controllers.map((name) => `+${name}`).join(" "));
}

/** Takes the group and all below it away. False while the kernel has not forgotten yet that there was a process. */
export function removeControlGroup(group: string): boolean {
  try {
    for (const hierarchy of hierarchies()) removeTree(join(hierarchy, group));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EBUSY") return false;
    throw error;
  }
}

function removeTree(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeTree(join(folder, entry.name));
  rmdirSync(folder);
}

/** Pids in the group and all below it, in any hierarchy. */
export const membersOf = (group: string): number[] => [
  ...new Set(hierarchies().flatMap((hierarchy) => membersIn(join(hierarchy, group)))),
];

function membersIn(folder: string): number[] {
  const lines = unlessGone(() => readFileSync(join(folder, "cgroup.procs"), "utf8").split("\n"));
  const entries = unlessGone(() => readdirSync(folder, { withFileTypes: true }));
  const below = entries.filter((entry) => entry.isDirectory());
  return [...lines.filter(Boolean).map(Number), ...below.flatMap(({ name }) => membersIn(join(folder, name)))];
}

/** A group may go while it is read, which the kernel tells in two ways: nothing is in it then. */
function unlessGone<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENODEV") return [];
    throw error;
  }
}
