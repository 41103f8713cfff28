// The example guest as an archive for the cluster's nodes: the same image that a single machine boots.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildGuest, exampleGuest, guestFiles } from "../../../standalone/guest/index.ts";
import { openImageStore } from "../../../standalone/images/index.ts";
import { writeArchive } from "../oci-archive.ts";
import type { Run } from "../run.ts";

/** Answers with the archive's file name. Nodes know the image by this name, and by the one that examples/ have. */
export async function guestArchive(
  { run, folder, name }: { run: Run; folder: string; name: string },
  say: (remark: string) => void,
): Promise<string> {
  const dataDir = join(folder, "guest");
  const { digest, rootfs } = await buildGuest({ dataDir, images: openImageStore(join(dataDir, "images")) });
  const names = [name, exampleGuest.reference];
  const key = createHash("sha256").update(JSON.stringify([digest, names]));
  const file = `guest-${key.digest("hex").slice(0, 12)}.tar`;
  const archive = join(folder, file);
  say(existsSync(archive) ? "cached" : "built");
  if (!existsSync(archive)) {
    const files = Object.fromEntries(guestFiles.map((path) => [path, join(rootfs, path)]));
    const images = names.map((name) => ({ name, entrypoint: [], files }));
    await writeArchive(run, images, archive);
  }
  return file;
}
