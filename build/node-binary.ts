// The binary of Node for all images: the one that npm installed, without the symbols that only a debugger reads.
import { chmod, copyFile, link, rename, rm, utimes } from "node:fs/promises";
import { basename, join } from "node:path";
import { runTool } from "@knvirt/tools";
import { repository } from "./programs.ts";

const source = join(repository, `node_modules/node-linux-${process.arch}/bin/node`);

/** One file under several names: the same layer in each image, held once on a node. Answers with remarks. */
export async function linkNode(folders: string[]): Promise<string[]> {
  const draft = join(repository, "dist/node.new");
  const remarks = (await strip(draft))
    ? []
    : ["Node keeps its symbols (18 MB): program strip, of Debian's package binutils, is not there"];
  await chmod(draft, 0o755);
  await utimes(draft, 0, 0);
  for (const folder of folders) {
    await link(draft, `${draft}.${basename(folder)}`);
    await rename(`${draft}.${basename(folder)}`, join(folder, "node"));
  }
  await rm(draft);
  return remarks;
}

async function strip(target: string): Promise<boolean> {
  try {
    await runTool("strip", ["--strip-unneeded", "-o", target, source]);
    return true;
  } catch (error) {
    const { cause } = error as { cause?: NodeJS.ErrnoException };
    if (cause?.code !== "ENOENT") throw error;
    await copyFile(source, target);
    return false;
  }
}
