// A volume of the launcher pod, with the place where its container finds it.
import type { PodVolume } from "@knvirt/kubernetes";

export interface MountedVolume {
  volume: PodVolume;
  mountPath: string;
  readOnly: boolean;
  /** A block device, and no folder: the path is its node's. */
  isDevice?: true;
  /** What is copied into the volume before the launcher starts. */
  copied?: CopiedImage;
}

export interface CopiedImage {
  image: Image;
  /** Absolute paths in the image, which are those in the volume too. */
  paths: string[];
}

export type Image = NonNullable<PodVolume["image"]>;
