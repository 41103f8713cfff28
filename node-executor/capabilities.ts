// What libvirt found out about the emulator, kept on disk for each launcher image, so that only its first launcher probes.
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { CacheFile } from "@knvirt/proto";

/** What libvirt holds its answers against: when one of these is another, it discards what it is handed. */
export interface Emulator {
  imageId: string;
  /** When emulator and libvirt were unpacked from the image: once for a node, anew when the image was fetched again. */
  unpackedAt: string;
  emulation: boolean;
}

interface CapabilitiesKey extends Emulator {
  /** Another start of the node may mean another kernel, microcode, or module parameters. */
  bootId: string;
}

export interface Capabilities {
  /** Probes when nothing is kept; launchers that ask meanwhile wait for the same answer. */
  of(key: CapabilitiesKey, probe: () => Promise<CacheFile[]>): Promise<CacheFile[]>;
}

export function openCapabilities(stateDir: string): Capabilities {
  const probing = new Map<string, Promise<CacheFile[]>>();
  return {
    of: (key, probe) => {
      const folder = folderOf(stateDir, key);
      const inFlight = probing.get(folder);
      // Another launcher's probe may fail with that launcher: then this one probes for itself.
      if (inFlight) return inFlight.catch(() => probe());
      const asked = keptOrProbed(folder, probe).finally(() => probing.delete(folder));
      probing.set(folder, asked);
      return asked;
    },
  };
}

async function keptOrProbed(folder: string, probe: () => Promise<CacheFile[]>): Promise<CacheFile[]> {
  const kept = await readFiles(folder);
  return kept.length > 0 ? kept : keep(folder, await probe());
}

const folderOf = (stateDir: string, { imageId, unpackedAt, bootId, emulation }: CapabilitiesKey): string => {
  const key = JSON.stringify([imageId, unpackedAt, emulation]);
  return join(stateDir, "capabilities", bootId, createHash("sha256").update(key).digest("hex").slice(0, 32));
};

async function readFiles(folder: string): Promise<CacheFile[]> {
  try {
    const names = await readdir(folder);
    return await Promise.all(names.map(async (name) => ({ name, content: await readFile(join(folder, name)) })));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** A folder appears whole or not at all, whenever we are killed. */
async function keep(folder: string, files: CacheFile[]): Promise<CacheFile[]> {
  const named = files.find(({ name }) => !/^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/.test(name));
  if (named)
    throw new Error(`capabilities file ${JSON.stringify(named.name)} is refused: expected a plain file name`);
  if (files.length === 0) return files;
  await forgetOtherBoots(dirname(folder));
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  const temporary = await mkdtemp(`${folder}.`);
  try {
    for (const { name, content } of files) await writeFile(join(temporary, name), content, { mode: 0o600 });
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
  return files;
}

async function forgetOtherBoots(ofThisBoot: string): Promise<void> {
  const all = dirname(ofThisBoot);
  const boots = await readdir(all).catch(() => []);
  for (const boot of boots)
    if (boot !== basename(ofThisBoot)) await rm(join(all, boot), { recursive: true, force: true });
}
