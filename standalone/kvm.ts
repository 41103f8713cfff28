// Whether this machine's KVM runs a 64-bit guest. /dev/kvm can open on nested and paravirtual hosts and still not do
// so, and then a guest hangs without a word: only running one tells.
import { constants } from "node:fs";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool, type ToolError } from "@knvirt/tools";

export type KvmProbe = { usable: true } | { usable: false; reason: string };

/** A boot sector that turns on long mode, computes in 64-bit registers, and leaves QEMU with the result. In assembly:
 * zero three page tables at 0x1000, map the first 2 MiB, set CR4.PAE, CR3, EFER.LME, CR0.PG|PE, jump to a 64-bit
 * segment, then `mov rax, 0x123456789abcdef0; mov rbx, rax; shr rbx, 60; add bl, 0xf; out 0xf4, bl`. */
const bootSector =
  "+jHAjtiOwI7QvAB8vwAQZjHAuQAM/Gbzq2bHBgAQAyAAAGbHBgAgAzAAAGbHBgAwgwAAAA8BFqB8DyDgZoPIIA8i4Ga4ABAAAA8i" +
  "2Ga5gAAAwA8yZg0AAQAADzAPIMBmDQEAAIAPIsBm6nB8AAAIAEi48N68mnhWNBJIicNIwes8gMMPiNjm9PTr/Q8fRAAAAAAAAAAA" +
  "AAAAAAAAAJogAA8AkHwAAAAAAAAAAAAAAAA=";
/** isa-debug-exit leaves with twice the value plus one. */
const exitCode = (0x10 << 1) | 1;

export async function probeKvm(
  emulator = "qemu-system-x86_64",
  accelerator = "kvm",
  timeoutMs = 5_000,
): Promise<KvmProbe> {
  if (accelerator === "kvm") {
    const error = await access("/dev/kvm", constants.R_OK | constants.W_OK).catch((reason: Error) => reason);
    if (error) return { usable: false, reason: "/dev/kvm is not there or cannot be opened" };
  }
  const scratch = await mkdtemp(join(tmpdir(), "knvirt-kvm-"));
  try {
    const disk = join(scratch, "boot.img");
    await writeFile(disk, sector());
    return await outcome(runTool(emulator, arguments_(accelerator, disk), { timeoutMs }), timeoutMs);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

function sector(): Buffer {
  const image = Buffer.alloc(512);
  Buffer.from(bootSector, "base64").copy(image);
  image.writeUInt16LE(0xaa55, 510);
  return image;
}

const arguments_ = (accelerator: string, disk: string): string[] => [
  ...["-machine", "pc", "-accel", accelerator, "-cpu", accelerator === "kvm" ? "host" : "max", "-m", "32"],
  ...["-nodefaults", "-display", "none", "-no-reboot"],
  ...["-drive", `file=${disk},format=raw`, "-device", "isa-debug-exit,iobase=0xf4,iosize=1"],
];

/** QEMU complains in its own name, and may go on to fail an assertion that says less. */
const firstComplaint = (text: string): string | undefined => /error: (.+)|^(.+)$/m.exec(text)?.slice(1).find(Boolean);

async function outcome(run: Promise<string>, timeoutMs: number): Promise<KvmProbe> {
  const error = await run.then(
    () => undefined,
    (reason: ToolError) => reason,
  );
  if (error?.exitCode === exitCode) return { usable: true };
  if (error?.timedOut) return { usable: false, reason: `a 64-bit guest hung for ${timeoutMs / 1000} s` };
  const message = firstComplaint(error?.stderr ?? "") ?? error?.message ?? "";
  return { usable: false, reason: `a 64-bit guest did not run: ${message}` };
}
