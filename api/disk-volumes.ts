// Volumes whose content is a disk: out of an image, of a claim, of the node, or empty.
import { imagePullPolicy } from "./image-pull-policy.ts";
import { choice, flag, object, optional, quantity, text } from "./schema.ts";

export const containerDisk = object(
  "A disk image out of a container image. Writes of the guest are lost when the instance ends.",
  {
    image: text("Reference of the image.", { minLength: 1, maxLength: 1024 }),
    imagePullPolicy: optional(imagePullPolicy),
    imagePullSecret: optional(text("Secret in the same namespace for pulling the image.", { minLength: 1 })),
    path: optional(
      text("Absolute path of the disk in the image; the only file in /disk when left out.", {
        pattern: "^/.+",
        maxLength: 4096,
      }),
    ),
  },
);

export const emptyDisk = object("An empty disk that lives as long as the instance.", {
  capacity: quantity("Size, at least 1Mi."),
});

const claimName = text("Name of the claim.", { minLength: 1, maxLength: 253 });

export const persistentVolumeClaim = object(
  "The disk of a PersistentVolumeClaim in the same namespace: the file disk.img of a file system, made when it is missing, or a block device. It is read and written as it is, without a format.",
  { claimName, readOnly: optional(flag("It is not written to; its disk must be a cdrom or read-only.")) },
);

export const dataVolume = object("The disk of the PersistentVolumeClaim that a DataVolume of this name has filled.", {
  name: text("Name of the DataVolume and of its claim.", { minLength: 1, maxLength: 253 }),
});

export const ephemeral = object("A disk that starts with another volume's content. What the guest writes is lost.", {
  persistentVolumeClaim: object("Claim in the same namespace, never written to.", { claimName }),
});

export const hostDisk = object(
  "A disk image in a folder of the node. Only with the feature gate HostDisk.",
  {
    path: text("Absolute path of the image on the node.", {
      pattern: "^/([^/]+/)*[^/]+$",
      maxLength: 4096,
    }),
    type: choice(["Disk", "DiskOrCreate"], "Whether the image must exist or is made when it is missing."),
    capacity: optional(quantity("Size of an image that is made.")),
  },
  {
    rules: [
      {
        rule: "!self.path.matches('/[.][.]?(/|$)')",
        message: "the path of a hostDisk has a part . or ..: expected a plain path",
        fieldPath: ".path",
      },
      {
        rule: "self.type != 'DiskOrCreate' || has(self.capacity)",
        message: "a hostDisk of type DiskOrCreate has no capacity: give the size of the image",
        fieldPath: ".capacity",
        reason: "FieldValueRequired",
      },
      {
        rule: "self.type != 'Disk' || !has(self.capacity)",
        message: "a hostDisk of type Disk has a capacity: an image that exists keeps its size",
        fieldPath: ".capacity",
        reason: "FieldValueForbidden",
      },
    ],
  },
);
