// knvirt guest: the example guest as files for an image, for clusters that pull it from a registry.
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { repository } from "@knvirt/build";
import { buildGuest, guestFiles } from "../guest/index.ts";
import { openImageStore } from "../images/index.ts";
import { printedProgress } from "../progress.ts";
import { imagesDir, type Settings } from "../settings.ts";

export async function guest({ dataDir }: Settings): Promise<void> {
  const { say, step } = printedProgress();
  const images = openImageStore(imagesDir(dataDir));
  const { rootfs } = await step("example guest", () => buildGuest({ dataDir, images }));
  const folder = join(repository, "dist", "guest");
  for (const path of guestFiles) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await copyFile(join(rootfs, path), join(folder, path));
  }
  say(`in ${folder}; standalone/guest/Dockerfile makes an image of it`);
}
