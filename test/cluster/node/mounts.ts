// The file systems of a node: the machine's, with what a node writes to replaced by folders of its own.
import { join, relative } from "node:path";

export interface MountPlan {
  /** The node's own folder, on a real disk: images are unpacked there. */
  folder: string;
  /** Folders of the machine that the node sees where they are, even below one that is replaced. */
  kept: string[];
  logs: string;
}

/** Commands for the first process of a node, which is alone in its mount namespace by then. */
export function mountCommands({ folder, kept, logs }: MountPlan): string[][] {
  const [library, groups] = [join(folder, "lib"), join(folder, "cgroup")];
  return [
    ["mount", "-t", "proc", "proc", "/proc"],
    // A new /sys shows the devices of the node's own network; the control groups stay the machine's.
    ["mkdir", "-p", groups, library, join(folder, "var-log"), logs],
    ["mount", "--rbind", "/sys/fs/cgroup", groups],
    ["mount", "-t", "sysfs", "sysfs", "/sys"],
    ["mount", "--move", groups, "/sys/fs/cgroup"],
    ["mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", "/dev/shm"],
    ...replace("/var/lib", library, kept),
    ...replace("/var/log", join(folder, "var-log"), kept),
    ["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"],
    // Nothing goes back to the machine (the namespace was made private), but pods may share mounts with each other.
    ["mount", "--make-rshared", "/"],
  ];
}

/** The folder in the place of another, with those of the machine that are to stay visible below it. */
function replace(target: string, folder: string, kept: string[]): string[][] {
  const inside = kept.filter((path) => path.startsWith(`${target}/`));
  const holes = inside.flatMap((path) => {
    const hole = join(folder, relative(target, path));
    return [
      ["mkdir", "-p", hole],
      ["mount", "--bind", path, hole],
    ];
  });
  return [...holes, ["mount", "--rbind", folder, target]];
}
