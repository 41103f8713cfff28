// A guest with qemu-guest-agent and cloud-init, for tests: Debian from its packages on a disk, and busybox as first
// process, so that it boots in seconds under emulation. Built once for each recipe, and kept.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "@knvirt/tools";
import { inTurn } from "../../cluster/lock.ts";
import { writeBoot } from "./boot.ts";
import { writeDisk } from "./disk.ts";

export interface AgentGuest {
  /** OCI layout with all three: see Host.publish. */
  layout: string;
  kernel: string;
  initrd: string;
  /** A qcow2 image. */
  disk: string;
}

/** Where they are in the image, and beside the layout. */
export const agentGuestPath = {
  kernel: "/boot/vmlinuz",
  initrd: "/boot/initrd.img",
  disk: "/disk/disk.img",
} as const;
/** A shell is on the serial console. */
export const agentGuestArgs = "console=ttyS0 quiet";

const cache = process.env.KNVIRT_TEST_CACHE ?? "/var/cache/knvirt/test";
const recipeDigits = 12;

/** Takes minutes when the recipe is new. */
export async function agentGuest(): Promise<AgentGuest> {
  const folder = join(cache, `agent-guest-${await recipeKey()}`);
  await mkdir(cache, { recursive: true });
  await inTurn(join(cache, "agent-guest.lock"), async () => {
    if (!existsSync(folder)) await build(folder);
  });
  const file = (path: string) => join(folder, path);
  const { kernel, initrd, disk } = agentGuestPath;
  return { layout: join(folder, "layout"), kernel: file(kernel), initrd: file(initrd), disk: file(disk) };
}

/** Everything that is decided here. New versions of packages do not make a new guest. */
async function recipeKey(): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(import.meta.dirname, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !/\.(test|spec)\.ts$/.test(entry.name));
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort())
    hash.update(path.slice(import.meta.dirname.length)).update(await readFile(path));
  return hash.digest("hex").slice(0, recipeDigits);
}

async function build(folder: string): Promise<void> {
  for (const earlier of await readdir(cache))
    if (/^agent-guest-\w+$/.test(earlier)) await rm(join(cache, earlier), { recursive: true });
  const workspace = await mkdtemp(join(cache, "building-"));
  try {
    const made = join(workspace, "made");
    for (const part of ["boot", "disk"]) await mkdir(join(made, part), { recursive: true });
    await writeBoot(workspace, {
      kernel: join(made, agentGuestPath.kernel),
      initrd: join(made, agentGuestPath.initrd),
    });
    await writeDisk(workspace, join(made, agentGuestPath.disk));
    await pack(made);
    await rename(made, folder);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

async function pack(made: string): Promise<void> {
  const layout = join(made, "layout");
  const image = `${layout}:latest`; // by this tag Host.publish takes it
  await runTool("umoci", ["init", "--layout", layout]);
  await runTool("umoci", ["new", "--image", image]);
  for (const part of ["boot", "disk"])
    await runTool("umoci", ["insert", "--image", image, join(made, part), `/${part}`]);
}
