// The CD-ROM image with which cloud-init sets up the guest: data source NoCloud.
import { mkdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Volume } from "@knvirt/api";
import { runTool } from "@knvirt/tools";
import type { DiskImage } from "../domain/conversion.ts";
import { LauncherError } from "../errors.ts";
import { exists } from "../if-there.ts";
import { supportsDirectIo } from "./direct-io.ts";
import { failureText } from "./failure.ts";
import { limits } from "./limits.ts";
import type { Workplace } from "./workplace.ts";

/** By this label cloud-init finds its data. */
const volumeLabel = "cidata";

export async function cloudInit(volume: Volume, workplace: Workplace): Promise<DiskImage> {
  const path = join(workplace.paths.disks, `${volume.name}.iso`);
  if (!(await exists(path))) await makeImage(path, await contents(volume, workplace), workplace);
  return { path, format: "raw", directIo: await supportsDirectIo(path) };
}

/** The files are nobody else's business, and gone when the image is made. */
async function makeImage(path: string, files: Record<string, string | Buffer>, { paths }: Workplace): Promise<void> {
  const directory = join(paths.private, "cloud-init");
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { mode: 0o700 });
  try {
    for (const [name, content] of Object.entries(files))
      await writeFile(join(directory, name), content, { mode: 0o600 });
    const options = ["-quiet", "-output", `${path}.new`, "-volid", volumeLabel, "-joliet", "-rock"];
    await runTool("xorrisofs", [...options, directory], limits);
    await padToBlock(`${path}.new`);
    await rename(`${path}.new`, path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What a host's file system asks of direct reads at most. QEMU refuses a disk whose end is not at such a place. */
const blockBytes = 4096;

async function padToBlock(file: string): Promise<void> {
  const { size } = await stat(file);
  await truncate(file, Math.ceil(size / blockBytes) * blockBytes);
}

async function contents(volume: Volume, workplace: Workplace): Promise<Record<string, string | Buffer>> {
  const { userData, userDataBase64, secretRef, networkData, networkDataBase64, networkDataSecretRef } =
    volume.cloudInitNoCloud ?? {};
  const { paths, vmi, firmwareUuid, hostname } = workplace;
  const source = (field: "userData" | "networkData", given: Omit<Source, "what" | "key">) =>
    read({ ...given, what: `volume ${volume.name} of ${vmi}: cloudInitNoCloud.${field}`, key: field });
  const user = await source("userData", {
    inline: userData,
    base64: userDataBase64,
    secret: secretRef && { name: secretRef.name, directory: paths.userData(volume.name) },
  });
  const network = await source("networkData", {
    inline: networkData,
    base64: networkDataBase64,
    secret: networkDataSecretRef && { name: networkDataSecretRef.name, directory: paths.networkData(volume.name) },
  });
  return {
    "meta-data": JSON.stringify({ "instance-id": firmwareUuid, "local-hostname": hostname }),
    // Without the file cloud-init does not take the disk for its data source.
    "user-data": user ?? "",
    ...(network !== undefined && { "network-config": network }),
  };
}

interface Source {
  what: string;
  /** Of the Secret; all in lower case it is accepted too, and comes first. */
  key: string;
  inline: string | undefined;
  base64: string | undefined;
  secret: { name: string; directory: string } | undefined;
}

async function read({ what, key, inline, base64, secret }: Source): Promise<string | Buffer | undefined> {
  if (inline !== undefined) return inline;
  if (base64 !== undefined) return decode(base64, `${what}Base64`);
  return secret && readSecret(secret, { what, keys: [key.toLowerCase(), key] });
}

function decode(text: string, what: string): Buffer {
  const compact = text.replace(/\s/g, "");
  const decoded = Buffer.from(compact, "base64");
  if (decoded.toString("base64").replace(/=+$/, "") !== compact.replace(/=+$/, ""))
    throw new LauncherError("CloudInitInvalid", `${what} is not base64`);
  return decoded;
}

async function readSecret(
  { name, directory }: { name: string; directory: string },
  { what, keys }: { what: string; keys: string[] },
): Promise<Buffer> {
  for (const key of keys) {
    try {
      return await readFile(join(directory, key));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") continue;
      throw new LauncherError(
        "CloudInitInvalid",
        `${what}: key ${key} of secret ${name} cannot be read: ${failureText(error)}`,
        {
          cause: error,
        },
      );
    }
  }
  throw new LauncherError("CloudInitInvalid", `${what}: secret ${name} has no key ${keys.join(" or ")}`);
}
