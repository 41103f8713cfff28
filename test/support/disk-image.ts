// A container image with a disk that boots and halts: the smallest guest there is, in real mode, so that any KVM runs it.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "@knvirt/tools";
import type { Host } from "./host.ts";

/** `sti; hlt; jmp` back to it: halts, and goes on halting after each timer tick. */
const haltForEver = Buffer.from([0xfb, 0xf4, 0xeb, 0xfc]);

/** Answers with the OCI layout. */
async function haltingDiskLayout(folder: string): Promise<string> {
  const disk = Buffer.alloc(1024 * 1024);
  haltForEver.copy(disk);
  disk.writeUInt16LE(0xaa55, 510);
  await mkdir(join(folder, "files"), { recursive: true });
  await writeFile(join(folder, "files", "disk.img"), disk, { mode: 0o644 });
  const layout = join(folder, "layout");
  await runTool("umoci", ["init", "--layout", layout]);
  await runTool("umoci", ["new", "--image", `${layout}:latest`]);
  await runTool("umoci", ["insert", "--image", `${layout}:latest`, join(folder, "files"), "/disk"]);
  return layout;
}

/** Answers with a reference that containerDisk takes on the host. */
export const haltingDiskImage = async (host: Host, folder: string): Promise<string> =>
  host.publish(await haltingDiskLayout(folder));
