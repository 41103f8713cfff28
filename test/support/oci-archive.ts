// An OCI layout as the one file that container runtimes import, under a name of its own.
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runTool } from "@knvirt/tools";

interface Index {
  manifests: { annotations?: Record<string, string> }[];
}

/** Answers with the archive, which lies beside the layout. */
export async function packLayout(layout: string, reference: string): Promise<string> {
  const file = join(layout, "index.json");
  const index = JSON.parse(await readFile(file, "utf8")) as Index;
  // What containerd takes the image's name from.
  for (const manifest of index.manifests)
    manifest.annotations = { ...manifest.annotations, "io.containerd.image.name": reference };
  await writeFile(file, JSON.stringify(index));
  const archive = join(dirname(layout), "image.tar");
  await runTool("tar", ["-cf", archive, "-C", layout, "."]);
  return archive;
}
