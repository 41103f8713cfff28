// What must lie on disk before the domain can be started: one image for each volume.
import { disksOf, firmwareUuidOf, hostnameOf, type VirtualMachineInstance, type Volume } from "@knvirt/api";
import { keysByCloudInit } from "../agent/secrets.ts";
import { type DiskImage, isOn, vmiText } from "../domain/conversion.ts";
import { LauncherError } from "../errors.ts";
import type { Paths } from "../paths.ts";
import { blocksOf } from "./block-sizes.ts";
import { claim, hostDisk } from "./claim.ts";
import { cloudInitConfigDrive, cloudInitNoCloud } from "./cloud-init.ts";
import { configuration, serviceAccount, sysprep } from "./configuration.ts";
import { containerDisk } from "./container-disk.ts";
import { emptyDisk } from "./empty-disk.ts";
import { ephemeral } from "./ephemeral.ts";
import { failureText } from "./failure.ts";
import type { Workplace } from "./workplace.ts";

export { acpiTables } from "./acpi-tables.ts";
export { kernelBoot } from "./kernel-boot.ts";

type Maker = (volume: Volume, workplace: Workplace) => Promise<DiskImage>;
/** A source added to the API does not compile until it has a maker. */
const makers: Record<Exclude<keyof Volume, "name">, Maker> = {
  containerDisk,
  emptyDisk,
  ephemeral,
  persistentVolumeClaim: claim,
  dataVolume: claim,
  hostDisk,
  cloudInitNoCloud,
  cloudInitConfigDrive,
  configMap: configuration,
  secret: configuration,
  downwardAPI: configuration,
  serviceAccount,
  sysprep,
};

/** By name of the volume. What an earlier attempt made is kept: a domain may be using it. */
export async function diskImages(vmi: VirtualMachineInstance, paths: Paths): Promise<Record<string, DiskImage>> {
  const workplace = {
    paths,
    vmi: vmiText(vmi),
    firmwareUuid: firmwareUuidOf(vmi) ?? "",
    hostname: hostnameOf(vmi),
    publicKeys: await publicKeys(vmi, paths),
    matched: new Set(
      disksOf(vmi.spec).flatMap(({ name, blockSize }) => (isOn(blockSize?.matchVolume) ? [name] : [])),
    ),
  };
  const volumes = vmi.spec.volumes ?? [];
  const made = await Promise.all(
    volumes.map(async (volume) => [volume.name, await image(volume, workplace)] as const),
  );
  return Object.fromEntries(made);
}

async function publicKeys({ spec }: VirtualMachineInstance, paths: Paths): Promise<Workplace["publicKeys"]> {
  const keys = (method: "noCloud" | "configDrive") => keysByCloudInit(spec.accessCredentials ?? [], method, paths);
  return { noCloud: await keys("noCloud"), configDrive: await keys("configDrive") };
}

async function image(volume: Volume, workplace: Workplace): Promise<DiskImage> {
  const source = Object.entries(makers).find(([field]) => volume[field as keyof typeof makers] !== undefined);
  if (!source)
    throw new LauncherError(
      "UnsupportedDevice",
      `volume ${volume.name} of ${workplace.vmi} has no source: expected one of ${Object.keys(makers).join(", ")}`,
    );
  try {
    const made = await source[1](volume, workplace);
    return workplace.matched.has(volume.name) ? { ...made, blocks: await blocksOf(made) } : made;
  } catch (error) {
    if (error instanceof LauncherError) throw error;
    throw new LauncherError(
      "DiskPreparationFailed",
      `volume ${volume.name} of ${workplace.vmi}: its disk cannot be made: ${failureText(error)}`,
      { cause: error },
    );
  }
}
