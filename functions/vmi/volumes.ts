// Volumes of the launcher pod, each with the place where its container finds it.
import { isEnabled, launcherPath, launcherVolume, type VmiSpec, type Volume } from "@knvirt/api";
import type { Container } from "@knvirt/kubernetes";
import { accessCredentialVolumes } from "./access-credentials.ts";
import { configurationVolumes, generated } from "./configuration-volumes.ts";
import { diskVolumes } from "./disk-volumes.ts";
import type { CopiedImage, Image, MountedVolume } from "./mounted-volume.ts";
import type { Observed } from "./observed.ts";

export const mountedVolumes = (given: Pick<Observed, "vmi" | "claims" | "kubevirt">): MountedVolume[] => {
  const { spec } = given.vmi;
  const imageVolume = isEnabled("ImageVolume", given.kubevirt) ? mountedImage : copiedImage;
  return [
    ...directories,
    ...generated(spec),
    ...kernelBoot(spec).map(imageVolume),
    ...(spec.volumes ?? []).flatMap((volume) => [
      ...containerDisk(volume).map(imageVolume),
      ...configurationVolumes(volume),
    ]),
    ...diskVolumes(given),
    ...accessCredentialVolumes(spec),
  ];
};

/** How a container gets them. */
export function mountsOf(volumes: MountedVolume[]): Pick<Container, "volumeMounts" | "volumeDevices"> {
  const devices = volumes.filter(({ isDevice }) => isDevice);
  return {
    volumeMounts: volumes
      .filter(({ isDevice }) => !isDevice)
      .map(({ volume: { name }, mountPath, readOnly }) => ({ name, mountPath, ...(readOnly && { readOnly }) })),
    ...(devices.length > 0 && {
      volumeDevices: devices.map(({ volume: { name }, mountPath }) => ({ name, devicePath: mountPath })),
    }),
  };
}

const directories: MountedVolume[] = (["sockets", "private", "disks"] as const).map((name) => ({
  volume: { name: launcherVolume[name], emptyDir: {} },
  mountPath: launcherPath[name],
  readOnly: false,
}));

interface ImageSource extends CopiedImage {
  name: string;
  mountPath: string;
}

const mountedImage = ({ name, image, mountPath }: ImageSource): MountedVolume => ({
  volume: { name, image },
  mountPath,
  readOnly: true,
});

const copiedImage = ({ name, image, paths, mountPath }: ImageSource): MountedVolume => ({
  volume: { name, emptyDir: {} },
  mountPath,
  readOnly: true,
  copied: { image, paths },
});

const imageOf = ({ image, imagePullPolicy }: { image: string; imagePullPolicy?: Image["pullPolicy"] }): Image => ({
  reference: image,
  ...(imagePullPolicy && { pullPolicy: imagePullPolicy }),
});

function kernelBoot({ domain }: VmiSpec): ImageSource[] {
  const container = domain.firmware?.kernelBoot?.container;
  if (!container) return [];
  const paths = [container.kernelPath, container.initrdPath].filter((path) => path !== undefined);
  return [{ name: launcherVolume.kernelBoot, image: imageOf(container), paths, mountPath: launcherPath.kernelBoot }];
}

/** Where an image has its disk when no path is given. */
const diskFolder = "/disk";

function containerDisk({ name, containerDisk: source }: Volume): ImageSource[] {
  if (!source) return [];
  const paths = [source.path ?? diskFolder];
  const mountPath = launcherPath.containerDisk(name);
  return [{ name: launcherVolume.containerDisk(name), image: imageOf(source), paths, mountPath }];
}
