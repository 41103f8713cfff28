// What a libvirt daemon that was killed leaves behind and never finds again: emulators it was only asking what they can do.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ifThere } from "./if-there.ts";
import type { LibvirtFiles } from "./libvirt-files.ts";
import { signalByPidFile } from "./pid-file.ts";

const probeDirectory = /^qmp-/;
const emulator = /^qemu-system/;

/** To be called while no daemon runs. */
export async function removeLeftovers({ probes }: LibvirtFiles): Promise<void> {
  const names = await ifThere(readdir(probes));
  for (const name of (names ?? []).filter((name) => probeDirectory.test(name))) {
    await signalByPidFile(join(probes, name, "qmp.pid"), emulator, "SIGKILL");
    await rm(join(probes, name), { recursive: true, force: true });
  }
}
