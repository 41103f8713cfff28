// What a libvirt daemon that was killed leaves behind and never finds again: emulators it was only asking what they can do.
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { LibvirtFiles } from "./libvirt-files.ts";

const probeDirectory = /^qmp-/;
const emulator = /^qemu-system/;

/** To be called while no daemon runs. */
export async function removeLeftovers({ probes }: LibvirtFiles): Promise<void> {
  const names = await ifThere(readdir(probes));
  for (const name of (names ?? []).filter((name) => probeDirectory.test(name))) {
    const pid = await ifThere(readFile(join(probes, name, "qmp.pid"), "utf8"));
    if (pid) await killEmulator(Number(pid));
    await rm(join(probes, name), { recursive: true, force: true });
  }
}

/** Only an emulator: the number may belong to somebody else by now. */
async function killEmulator(pid: number): Promise<void> {
  const name = await ifThere(readFile(`/proc/${pid}/comm`, "utf8"));
  if (name && emulator.test(name)) process.kill(pid, "SIGKILL");
}

async function ifThere<T>(wanted: Promise<T>): Promise<T | undefined> {
  try {
    return await wanted;
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
