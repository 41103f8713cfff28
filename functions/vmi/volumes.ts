// Volumes of the launcher pod, each with the place where its container finds it.
import { launcherPath, launcherVolume, type VmiSpec, type Volume } from "@knvirt/api";
import type { PodVolume } from "@knvirt/kubernetes";

export interface MountedVolume {
  volume: PodVolume;
  mountPath: string;
  readOnly: boolean;
}

export const mountedVolumes = (spec: VmiSpec): MountedVolume[] => [
  ...directories,
  ...kernelBoot(spec),
  ...(spec.volumes ?? []).flatMap((volume) => [...containerDisk(volume), ...cloudInitSecrets(volume)]),
];

const directories: MountedVolume[] = (["sockets", "private", "disks"] as const).map((name) => ({
  volume: { name: launcherVolume[name], emptyDir: {} },
  mountPath: launcherPath[name],
  readOnly: false,
}));

type Image = NonNullable<PodVolume["image"]>;

const imageOf = ({ image, imagePullPolicy }: { image: string; imagePullPolicy?: Image["pullPolicy"] }): Image => ({
  reference: image,
  ...(imagePullPolicy && { pullPolicy: imagePullPolicy }),
});

function kernelBoot({ domain }: VmiSpec): MountedVolume[] {
  const container = domain.firmware?.kernelBoot?.container;
  if (!container) return [];
  const volume = { name: launcherVolume.kernelBoot, image: imageOf(container) };
  return [{ volume, mountPath: launcherPath.kernelBoot, readOnly: true }];
}

function containerDisk({ name, containerDisk: source }: Volume): MountedVolume[] {
  if (!source) return [];
  const volume = { name: launcherVolume.containerDisk(name), image: imageOf(source) };
  return [{ volume, mountPath: launcherPath.containerDisk(name), readOnly: true }];
}

function cloudInitSecrets({ name, cloudInitNoCloud: source }: Volume): MountedVolume[] {
  const mount = (volume: string, mountPath: string, secretName: string | undefined): MountedVolume[] =>
    secretName === undefined ? [] : [{ volume: { name: volume, secret: { secretName } }, mountPath, readOnly: true }];
  return [
    ...mount(launcherVolume.userData(name), launcherPath.userData(name), source?.secretRef?.name),
    ...mount(launcherVolume.networkData(name), launcherPath.networkData(name), source?.networkDataSecretRef?.name),
  ];
}
