// The CD-ROM image with which cloud-init sets up the guest: data sources NoCloud and ConfigDrive.
import type { Volume } from "@knvirt/api";
import type { DiskImage } from "../domain/conversion.ts";
import { type CloudInitData, readCloudInitData } from "./cloud-init-data.ts";
import { type Content, isoImage } from "./iso.ts";
import type { Workplace } from "./workplace.ts";

type Source = "cloudInitNoCloud" | "cloudInitConfigDrive";

/** Where each data source looks for its files, and by which label it finds its disk. */
const layouts: Record<Source, (data: CloudInitData, workplace: Workplace) => Content> = {
  cloudInitNoCloud: ({ user, network }, { firmwareUuid, hostname, publicKeys }) => ({
    label: "cidata",
    isForAll: false,
    files: new Map([
      [
        "meta-data",
        JSON.stringify({
          "instance-id": firmwareUuid,
          "local-hostname": hostname,
          ...numbered("public-keys", publicKeys.noCloud),
        }),
      ],
      // Without the file cloud-init does not take the disk for its data source.
      ["user-data", user ?? ""],
      ...entry("network-config", network),
    ]),
  }),
  cloudInitConfigDrive: ({ user, network }, workplace) => ({
    label: "config-2",
    isForAll: false,
    files: new Map([
      [`${openstack}/meta_data.json`, metaData(workplace)],
      ...entry(`${openstack}/user_data`, user),
      ...entry(`${openstack}/network_data.json`, network),
    ]),
  }),
};

const openstack = "openstack/latest";

const entry = (name: string, content: string | Buffer | undefined): [string, string | Buffer][] =>
  content === undefined ? [] : [[name, content]];

/** Upstream's keys: an instance is told from another by name and namespace. */
function metaData({ vmi, firmwareUuid, hostname, publicKeys }: Workplace): string {
  const [namespace, name] = vmi.split("/");
  return JSON.stringify({
    instance_id: `${name}.${namespace}`,
    uuid: firmwareUuid,
    hostname,
    ...numbered("public_keys", publicKeys.configDrive),
  });
}

/** As clouds do: each key under a number. */
const numbered = (name: string, keys: string[]): object => (keys.length > 0 ? { [name]: { ...keys } } : {});

const cloudInit =
  (source: Source) =>
  (volume: Volume, workplace: Workplace): Promise<DiskImage> =>
    isoImage(volume, workplace, async () =>
      layouts[source](await readCloudInitData(volume, source, workplace), workplace),
    );

export const cloudInitNoCloud = cloudInit("cloudInitNoCloud");
export const cloudInitConfigDrive = cloudInit("cloudInitConfigDrive");
