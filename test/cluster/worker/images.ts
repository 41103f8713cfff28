// Images come to a node as archives: there is no registry to pull them from.
import { existsSync } from "node:fs";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ClusterContext } from "../context.ts";
import type { ClusterNode } from "../node/node.ts";
import { writeArchive } from "../oci-archive.ts";
import type { Places } from "../places.ts";
import { programFolder } from "../programs.ts";
import { run } from "../run.ts";
import { containerdSocket, nodeFolder, pauseImage } from "./layout.ts";

/** Only what the node does not have yet: a note in its folder says what it was given last under this name. */
export async function importArchive(places: Places, archive: string, node: ClusterNode): Promise<void> {
  const notes = join(nodeFolder(places, node.name), "imported");
  const note = join(notes, nameOf(archive));
  const { size, mtimeMs } = await stat(archive);
  const content = `${archive} ${size} ${mtimeMs}\n`;
  if (existsSync(note) && (await readFile(note, "utf8")) === content) return;
  const ctr = join(programFolder(places, "containerd"), "ctr");
  await node.run([ctr, "--address", containerdSocket, "--namespace", "k8s.io", "images", "import", archive]);
  await mkdir(notes, { recursive: true });
  await writeFile(note, content);
}

/** Without the hash that tells versions apart: images of one name replace each other. */
export const nameOf = (archive: string): string => basename(archive, ".tar").replace(/-[0-9a-f]{8,}$/, "");

/** The image that every pod's namespaces are held with, from scratch. Answers with its archive. */
export async function pauseArchive({ cache }: Pick<ClusterContext, "cache">, program: string): Promise<string> {
  const archive = join(cache, `${basename(join(program, ".."))}.tar`);
  if (!existsSync(archive))
    await writeArchive(run, [{ name: pauseImage, entrypoint: ["/pause"], files: { "/pause": program } }], archive);
  return archive;
}
