// The names and places of one knvirt instance on a machine: everything it makes can be found from its data directory.
import { createHash } from "node:crypto";
import { resolve } from "node:path";

export interface Instance {
  /** `knvirt-<8 hex>`: name of the cgroup and of the nft table, and the prefix of network namespaces. */
  name: string;
  dataDir: string;
  podsDir: string;
  networkDir: string;
  /** Gone after a reboot, as is all that it describes. */
  runDir: string;
  crunRoot: string;
  exitsDir: string;
  layersDir: string;
  bridge: string;
}

export function instanceAt(dataDirectory: string): Instance {
  const dataDir = resolve(dataDirectory);
  const id = createHash("sha256").update(dataDir).digest("hex").slice(0, 8);
  const runDir = `/run/knvirt-${id}`;
  return {
    name: `knvirt-${id}`,
    dataDir,
    podsDir: `${dataDir}/pods`,
    networkDir: `${dataDir}/network`,
    runDir,
    crunRoot: `${runDir}/crun`,
    exitsDir: `${runDir}/exits`,
    layersDir: `${runDir}/layers`,
    bridge: `knv-${id}`, // 12 characters; Linux allows 15
  };
}

export const netnsName = (instance: Instance, uid: string): string => `${instance.name}-${uid}`;
export const netnsPath = (instance: Instance, uid: string): string => `/run/netns/${netnsName(instance, uid)}`;
export const podDirectory = (instance: Instance, uid: string): string => `${instance.podsDir}/${uid}`;
export const podCgroup = (instance: Instance, uid: string): string => `/${instance.name}/pod${uid}`;
export const containerCgroup = (instance: Instance, uid: string, container: string): string =>
  `${podCgroup(instance, uid)}/${container}`;
export const containerId = (uid: string, container: string, attempt: number): string =>
  `${uid}_${container}_${attempt}`;
export const attemptDirectory = (podDir: string, container: string, attempt: number): string =>
  `${podDir}/containers/${container}/${attempt}`;
