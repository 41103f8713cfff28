// User data and network data of a cloud-init volume: as text, as base64, or out of a Secret.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Volume } from "@knvirt/api";
import { LauncherError } from "../errors.ts";
import { failureText } from "./failure.ts";
import type { Workplace } from "./workplace.ts";

export interface CloudInitData {
  user: string | Buffer | undefined;
  network: string | Buffer | undefined;
}

export async function readCloudInitData(
  volume: Volume,
  source: "cloudInitNoCloud" | "cloudInitConfigDrive",
  { paths, vmi }: Workplace,
): Promise<CloudInitData> {
  const { userData, userDataBase64, secretRef, networkData, networkDataBase64, networkDataSecretRef } =
    volume[source] ?? {};
  const one = (field: "userData" | "networkData", given: Omit<Source, "what" | "key">) =>
    read({ ...given, what: `volume ${volume.name} of ${vmi}: ${source}.${field}`, key: field });
  return {
    user: await one("userData", {
      inline: userData,
      base64: userDataBase64,
      secret: secretRef && { name: secretRef.name, directory: paths.userData(volume.name) },
    }),
    network: await one("networkData", {
      inline: networkData,
      base64: networkDataBase64,
      secret: networkDataSecretRef && { name: networkDataSecretRef.name, directory: paths.networkData(volume.name) },
    }),
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
