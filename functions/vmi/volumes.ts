// Volumes of the launcher pod, each with the place where its container finds it.
import { isEnabled, launcherPath, launcherVolume, type VmiSpec, type Volume } from "@knvirt/api";
import type { PodVolume } from "@knvirt/kubernetes";
import type { Observed } from "./observed.ts";

export interface MountedVolume {
  volume: PodVolume;
  mountPath: string;
  readOnly: boolean;
  /** What is copied into the volume before the launcher starts. */
  copied?: CopiedImage;
}

export interface CopiedImage {
  image: Image;
  /** Absolute paths in the image, which are those in the volume too. */
  paths: string[];
}

type Image = NonNullable<PodVolume["image"]>;

export const mountedVolumes = ({ vmi: { spec }, kubevirt }: Pick<Observed, "vmi" | "kubevirt">): MountedVolume[] => {
  const imageVolume = isEnabled("ImageVolume", kubevirt) ? mountedImage : copiedImage;
  return [
    ...directories,
    ...kernelBoot(spec).map(imageVolume),
    ...(spec.volumes ?? []).flatMap((volume) => [
      ...containerDisk(volume).map(imageVolume),
      ...cloudInitSecrets(volume),
    ]),
  ];
};

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

function cloudInitSecrets({ name, cloudInitNoCloud: source }: Volume): MountedVolume[] {
  const mount = (volume: string, mountPath: string, secretName: string | undefined): MountedVolume[] =>
    secretName === undefined ? [] : [{ volume: { name: volume, secret: { secretName } }, mountPath, readOnly: true }];
  return [
    ...mount(launcherVolume.userData(name), launcherPath.userData(name), source?.secretRef?.name),
    ...mount(launcherVolume.networkData(name), launcherPath.networkData(name), source?.networkDataSecretRef?.name),
  ];
}
