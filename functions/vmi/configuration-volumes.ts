// Volumes of the launcher pod with values of the cluster, which the launcher writes onto CD-ROM images.
import { launcherPath, launcherVolume, type VmiSpec, type Volume } from "@knvirt/api";
import type { PodSpec, PodVolume } from "@knvirt/kubernetes";
import type { MountedVolume } from "./mounted-volume.ts";

type Source = Omit<PodVolume, "name">;

export const configurationVolumes = (volume: Volume): MountedVolume[] => [
  ...cloudInitSecrets(volume),
  ...sourcesOf(volume).map((source) => ({
    volume: { name: launcherVolume.configuration(volume.name), ...source },
    mountPath: launcherPath.configuration(volume.name),
    readOnly: true,
  })),
];

function sourcesOf({ configMap, secret, downwardAPI, sysprep }: Volume): Source[] {
  const optional = (given: { optional?: boolean }) => given.optional !== undefined && { optional: given.optional };
  return [
    ...(configMap ? [{ configMap: { name: configMap.name, ...optional(configMap) } }] : []),
    ...(secret ? [{ secret: { secretName: secret.secretName, ...optional(secret) } }] : []),
    ...(sysprep?.configMap ? [{ configMap: { name: sysprep.configMap.name } }] : []),
    ...(sysprep?.secret ? [{ secret: { secretName: sysprep.secret.name } }] : []),
    ...(downwardAPI ? [{ downwardAPI: { items: downwardAPI.fields } }] : []),
  ];
}

function cloudInitSecrets({ name, cloudInitNoCloud, cloudInitConfigDrive }: Volume): MountedVolume[] {
  const source = cloudInitNoCloud ?? cloudInitConfigDrive;
  const mount = (volume: string, mountPath: string, secretName: string | undefined): MountedVolume[] =>
    secretName === undefined ? [] : [{ volume: { name: volume, secret: { secretName } }, mountPath, readOnly: true }];
  return [
    ...mount(launcherVolume.userData(name), launcherPath.userData(name), source?.secretRef?.name),
    ...mount(launcherVolume.networkData(name), launcherPath.networkData(name), source?.networkDataSecretRef?.name),
  ];
}

const mebi = 2 ** 20;
/** A Secret or ConfigMap has a mebibyte at most: its files, the image made of them, and what an image has beside. */
const imageBytes = 4 * mebi;

const hasImage = (volume: Volume): boolean =>
  (
    [
      "cloudInitNoCloud",
      "cloudInitConfigDrive",
      "configMap",
      "secret",
      "serviceAccount",
      "downwardAPI",
      "sysprep",
    ] as const
  ).some((source) => volume[source] !== undefined);

/** Memory that images made of values take. */
export const generatedBytes = ({ volumes = [] }: VmiSpec): number => volumes.filter(hasImage).length * imageBytes;

/** In memory, so that no secret is written to a disk of the node. */
export const generated = (spec: VmiSpec): MountedVolume[] =>
  generatedBytes(spec) === 0
    ? []
    : [
        {
          volume: {
            name: launcherVolume.generated,
            emptyDir: { medium: "Memory", sizeLimit: `${generatedBytes(spec) / mebi}Mi` },
          },
          mountPath: launcherPath.generated,
          readOnly: false,
        },
      ];

/** A token is mounted only for a guest that is to have it. */
export function serviceAccountOf({ volumes = [] }: VmiSpec): Partial<PodSpec> {
  const name = volumes.find(({ serviceAccount }) => serviceAccount)?.serviceAccount?.serviceAccountName;
  return name === undefined
    ? { automountServiceAccountToken: false }
    : { serviceAccountName: name, automountServiceAccountToken: true };
}
