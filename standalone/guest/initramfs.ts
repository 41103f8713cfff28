// The guest's root file system: busybox, a few scripts, the modules. Not compressed: unpacking would cost an emulated
// processor more than QEMU takes to copy it.
import { chmod, copyFile, cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { runTool } from "@knvirt/tools";
import { guestModules, loadOrder } from "./modules.ts";

export interface GuestSources {
  /** Unpacked packages: boot/, bin/, lib/modules/. */
  packages: string;
  kernelVersion: string;
}

const directories = ["bin", "sbin", "dev", "proc", "sys", "run", "tmp", "mnt", "root", "www", "lib/modules"];
const scripts = ["rc", "services", "page", "udhcpc", "shutdown", "acpi/PWRF/00000080"];

export async function writeInitramfs(sources: GuestSources, workspace: string, file: string): Promise<void> {
  const tree = join(workspace, "initramfs");
  for (const directory of directories) await mkdir(join(tree, directory), { recursive: true });
  await cp(join(import.meta.dirname, "root"), tree, { recursive: true });
  for (const script of scripts) await chmod(join(tree, "etc", script), 0o755);
  await placeBusybox(sources, tree);
  await placeModules(sources, tree);
  const names = await runTool("find", [".", "-mindepth", "1"], { cwd: tree });
  await runTool("cpio", ["--create", "--format=newc", "--owner=0:0", "--reproducible", "--quiet", `--file=${file}`], {
    cwd: tree,
    input: names,
  });
}

async function placeBusybox({ packages }: GuestSources, tree: string): Promise<void> {
  const program = join(tree, "bin/busybox");
  await copyFile(join(packages, "bin/busybox"), program);
  await chmod(program, 0o755);
  const applets = (await runTool(program, ["--list"]))
    .split("\n")
    .filter((name) => name !== "" && name !== "busybox");
  for (const name of applets) await symlink("busybox", join(tree, "bin", name));
  for (const name of ["acpid", "init"]) await symlink("../bin/busybox", join(tree, "sbin", name));
  await symlink("bin/busybox", join(tree, "init")); // busybox init: it reads etc/inittab, reaps, and respawns the shell
}

async function placeModules({ packages, kernelVersion }: GuestSources, tree: string): Promise<void> {
  const directory = join(packages, "lib/modules", kernelVersion);
  await runTool("depmod", ["--basedir", packages, kernelVersion]); // packages leave that to their installation
  const [dependencies, builtIn] = await Promise.all([
    readFile(join(directory, "modules.dep"), "utf8"),
    readFile(join(directory, "modules.builtin"), "utf8"),
  ]);
  const order = loadOrder(dependencies, builtIn, guestModules);
  for (const path of order) await copyFile(join(directory, path), join(tree, "lib/modules", basename(path)));
  await writeFile(join(tree, "lib/modules/order"), `${order.map((path) => basename(path)).join("\n")}\n`);
}
