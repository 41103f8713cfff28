// libvirt's cache of what each emulator can do: finding it out takes a second, so the node keeps it for all launchers.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Connection, getCapabilities } from "@knvirt/libvirt";
import type { CacheFile } from "@knvirt/proto";
import { LauncherError } from "./errors.ts";
import { exists } from "./if-there.ts";
import type { LibvirtFiles } from "./libvirt-files.ts";

const fileName = /^[0-9a-f]{1,128}\.xml$/;

export async function readCapabilities({ capabilities }: LibvirtFiles): Promise<CacheFile[]> {
  const names = (await readdir(capabilities)).filter((name) => fileName.test(name));
  return Promise.all(names.map(async (name) => ({ name, content: await readFile(join(capabilities, name)) })));
}

/** To be called before libvirt needs them. What does not fit this node, libvirt finds out itself and makes anew. */
export async function writeCapabilities(files: CacheFile[], { capabilities }: LibvirtFiles): Promise<void> {
  for (const { name, content } of files) {
    if (!fileName.test(name))
      throw new LauncherError(
        "InvalidRequest",
        `capabilities cache file ${JSON.stringify(name)} is refused: expected a hash and .xml`,
      );
    const path = join(capabilities, name);
    if (!(await exists(path))) await writeFile(path, content, { mode: 0o600 });
  }
}

export interface Probing {
  files: LibvirtFiles;
  connection(): Promise<Connection>;
  /** A guest was, or is about to be, and may have changed what libvirt finds. */
  isStarted(): boolean;
}

/** What libvirt finds out now. */
export async function probedCapabilities({ files, connection, isStarted }: Probing): Promise<CacheFile[]> {
  const refuseWhenStarted = (): void => {
    if (isStarted())
      throw new LauncherError(
        "CapabilitiesRefused",
        "a guest was started here: what libvirt found out is not to be trusted any more",
      );
  };
  refuseWhenStarted();
  await getCapabilities(await connection());
  const found = await readCapabilities(files);
  refuseWhenStarted();
  return found;
}
