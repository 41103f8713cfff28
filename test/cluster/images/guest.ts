// The example guest as an archive for the cluster's nodes: the same image that a single machine boots.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildGuest } from "../../../standalone/guest/index.ts";
import { openImageStore } from "../../../standalone/images/index.ts";
import { writeArchive } from "../knative/oci-archive.ts";
import type { Run } from "../run.ts";

const files = ["/boot/vmlinuz", "/boot/initrd.img", "/disk/disk.img"];

/** Answers with the archive's file name. */
export async function guestArchive(
  { run, folder, name }: { run: Run; folder: string; name: string },
  say: (remark: string) => void,
): Promise<string> {
  const dataDir = join(folder, "guest");
  const { digest, rootfs } = await buildGuest({ dataDir, images: openImageStore(join(dataDir, "images")) });
  const file = `guest-${digest.replace(/^sha256:/, "").slice(0, 12)}.tar`;
  const archive = join(folder, file);
  say(existsSync(archive) ? "cached" : "built");
  if (!existsSync(archive)) {
    const sources = Object.fromEntries(files.map((path) => [path, join(rootfs, path)]));
    await writeArchive(run, [{ name, entrypoint: [], files: sources }], archive);
  }
  return file;
}
