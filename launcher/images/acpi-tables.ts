// ACPI tables out of Secrets. QEMU reads their files itself: what is in them is in no argument and in no message.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { VirtualMachineInstance } from "@knvirt/api";
import { vmiText } from "../domain/conversion.ts";
import { LauncherError } from "../errors.ts";
import type { Paths } from "../paths.ts";
import { failureText } from "./failure.ts";

/** Upstream's name of the key. */
const slicFile = "slic.bin";
/** What a table begins with; its first bytes are its type. */
const headerBytes = 36;

export async function acpiTables(vmi: VirtualMachineInstance, paths: Paths): Promise<{ slic?: string }> {
  const volume = vmi.spec.domain.firmware?.acpi?.slicNameRef;
  if (!volume) return {};
  const path = join(paths.configuration(volume), slicFile);
  const invalid = (what: string, cause?: unknown): LauncherError => {
    const where = `acpi.slicNameRef of ${vmiText(vmi)}: ${slicFile} in the secret of volume ${volume}`;
    return new LauncherError("AcpiTableInvalid", `${where} ${what}`, { cause });
  };
  const table = await readFile(path).catch((error: unknown) => {
    throw invalid(`cannot be read: ${failureText(error)}`, error);
  });
  if (table.length < headerBytes)
    throw invalid(`is no ACPI table: found ${table.length} bytes, expected a header of ${headerBytes} at least`);
  if (table.toString("latin1", 0, 4) !== "SLIC")
    throw invalid("is a table of another type: expected SLIC in its first bytes");
  return { slic: path };
}
