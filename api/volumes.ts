// Volumes and networks of a VMI: where the content of its disks and the far end of its interfaces come from.
import { imagePullPolicy } from "./domain.ts";
import { object, optional, quantity, text } from "./schema.ts";

const secretRef = (what: string) =>
  optional(
    object(`Secret in the same namespace with ${what}.`, { name: text("Name of the Secret.", { minLength: 1 }) }),
  );

/** Upstream's bound: longer data belongs into a Secret. */
const inline = { maxLength: 2048 };
const inlineBase64 = { maxLength: 2732, pattern: "^[A-Za-z0-9+/\\s]*={0,2}\\s*$" };

const cloudInitNoCloud = object(
  "A disk with cloud-init data for the guest, by the NoCloud data source.",
  {
    userData: optional(text("User data.", inline)),
    userDataBase64: optional(text("User data, base64.", inlineBase64)),
    secretRef: secretRef("user data under the key userdata"),
    networkData: optional(text("Network configuration.", inline)),
    networkDataBase64: optional(text("Network configuration, base64.", inlineBase64)),
    networkDataSecretRef: secretRef("network configuration under the key networkdata"),
  },
  {
    rules: [
      {
        rule: "[has(self.userData), has(self.userDataBase64), has(self.secretRef)].filter(given, given).size() <= 1",
        message: "user data has more than one source: give one of userData, userDataBase64, secretRef",
      },
      {
        rule: "[has(self.networkData), has(self.networkDataBase64), has(self.networkDataSecretRef)].filter(given, given).size() <= 1",
        message:
          "network data has more than one source: give one of networkData, networkDataBase64, networkDataSecretRef",
      },
      {
        rule: "has(self.userData) || has(self.userDataBase64) || has(self.secretRef) || has(self.networkData) || has(self.networkDataBase64) || has(self.networkDataSecretRef)",
        message: "cloudInitNoCloud has no data: give user data or network data",
      },
    ],
  },
);

export const volume = object(
  "Content for a disk, from exactly one source.",
  {
    name: text("Name, and that of its disk.", { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 63 }),
    containerDisk: optional(
      object("A disk image out of a container image. Writes of the guest are lost when the instance ends.", {
        image: text("Reference of the image.", { minLength: 1, maxLength: 1024 }),
        imagePullPolicy: optional(imagePullPolicy),
        path: optional(
          text("Absolute path of the disk in the image; the only file in /disk when left out.", {
            pattern: "^/.+",
            maxLength: 4096,
          }),
        ),
      }),
    ),
    emptyDisk: optional(
      object("An empty disk that lives as long as the instance.", { capacity: quantity("Size, at least 1Mi.") }),
    ),
    cloudInitNoCloud: optional(cloudInitNoCloud),
  },
  {
    rules: [
      {
        rule: "[has(self.containerDisk), has(self.emptyDisk), has(self.cloudInitNoCloud)].filter(given, given).size() == 1",
        message: "a volume has exactly one source: give one of containerDisk, emptyDisk, cloudInitNoCloud",
      },
    ],
  },
);

export const network = object(
  "A network that an interface of the same name is attached to.",
  {
    name: text("Name, and that of its interface.", { minLength: 1, maxLength: 63 }),
    pod: optional(object("The network of the launcher pod.", {})),
  },
  {
    rules: [
      {
        rule: "has(self.pod)",
        message: "a network has exactly one source: only pod is supported",
        fieldPath: ".pod",
        reason: "FieldValueRequired",
      },
    ],
  },
);
