// Refusals of volumes.
import type { SpecRefusal } from "./row.ts";

const volume = (given: object) => ({ volumes: [{ name: "root", ...given }] });
const noCloud = (given: object) => volume({ cloudInitNoCloud: given });

const hostDisk = (given: object) => volume({ hostDisk: given });

export const volumeRefusals: SpecRefusal[] = [
  {
    id: "VI-14",
    when: "a volume without a source",
    spec: volume({}),
    field: "volumes[0]",
    message: "a volume has exactly one source: give one of ",
  },
  {
    id: "VI-14",
    when: "a volume with two sources",
    spec: volume({ emptyDisk: { capacity: "1Mi" }, containerDisk: { image: "example.org/disk" } }),
    field: "volumes[0]",
    message: "a volume has exactly one source: give one of ",
  },
  {
    id: "VI-14",
    when: "two volumes of one name",
    spec: {
      volumes: [
        { name: "root", emptyDisk: { capacity: "1Mi" } },
        { name: "root", emptyDisk: { capacity: "2Mi" } },
      ],
    },
    field: "volumes[1]",
    message: 'Duplicate value: {"name":"root"}',
  },
  {
    id: "VI-14",
    when: "a container disk at a path that is not absolute",
    spec: volume({ containerDisk: { image: "example.org/disk", path: "disk.img" } }),
    field: "volumes[0].containerDisk.path",
    message: 'Invalid value: "disk.img"',
  },
  {
    id: "VI-14",
    when: "a container disk at the root",
    spec: volume({ containerDisk: { image: "example.org/disk", path: "/" } }),
    field: "volumes[0].containerDisk.path",
    message: 'Invalid value: "/"',
  },
  {
    id: "VI-15",
    when: "two sources of user data",
    spec: noCloud({ userData: "#!/bin/sh", userDataBase64: "IyE=" }),
    field: "volumes[0].cloudInitNoCloud",
    message: "user data has more than one source: give one of userData, userDataBase64, secretRef",
  },
  {
    id: "VI-15",
    when: "two sources of network data",
    spec: noCloud({ networkData: "version: 2", networkDataSecretRef: { name: "net" } }),
    field: "volumes[0].cloudInitNoCloud",
    message:
      "network data has more than one source: give one of networkData, networkDataBase64, networkDataSecretRef",
  },
  {
    id: "VI-15",
    when: "neither user data nor network data",
    spec: noCloud({}),
    field: "volumes[0].cloudInitNoCloud",
    message: "cloudInitNoCloud has no data: give user data or network data",
  },
  {
    id: "VI-15",
    when: "user data that is not base64",
    spec: noCloud({ userDataBase64: "%" }),
    field: "volumes[0].cloudInitNoCloud.userDataBase64",
    message: 'Invalid value: "%"',
  },
  {
    id: "VI-15",
    when: "user data that is too long to be in a manifest",
    spec: noCloud({ userData: "#".repeat(2049) }),
    field: "volumes[0].cloudInitNoCloud.userData",
    message: "2048",
  },
  {
    id: "VI-15",
    when: "two cloud-init volumes",
    spec: {
      volumes: [
        { name: "first", cloudInitNoCloud: { userData: "#!/bin/sh" } },
        { name: "second", cloudInitNoCloud: { userData: "#!/bin/sh" } },
      ],
    },
    field: "volumes",
    message: "more than one cloud-init volume: a guest reads one only",
  },
  {
    id: "VI-15",
    when: "a config drive without data",
    spec: volume({ cloudInitConfigDrive: {} }),
    field: "volumes[0].cloudInitConfigDrive",
    message: "cloudInitConfigDrive has no data: give user data or network data",
  },
  {
    id: "VI-14",
    when: "two service accounts",
    spec: {
      volumes: [
        { name: "first", serviceAccount: { serviceAccountName: "one" } },
        { name: "second", serviceAccount: { serviceAccountName: "two" } },
      ],
    },
    field: "volumes",
    message: "more than one serviceAccount volume: a launcher pod has one service account",
  },
  {
    id: "VI-14",
    when: "a read-only claim on a disk that can be written to",
    spec: volume({ persistentVolumeClaim: { claimName: "root", readOnly: true } }),
    field: "volumes",
    message: "a claim that is read-only has a disk that can be written to: make the disk a cdrom, or read-only",
  },
  {
    id: "VI-14",
    when: "a claim without a name",
    spec: volume({ persistentVolumeClaim: { claimName: "" } }),
    field: "volumes[0].persistentVolumeClaim.claimName",
    message: "should be at least 1 chars long",
  },
  {
    id: "VI-14",
    when: "a host disk at a path that goes up",
    spec: hostDisk({ path: "/disks/../etc/disk.img", type: "Disk" }),
    field: "volumes[0].hostDisk.path",
    message: "the path of a hostDisk has a part . or ..: expected a plain path",
  },
  {
    id: "VI-14",
    when: "a host disk to be made, of no size",
    spec: hostDisk({ path: "/disks/disk.img", type: "DiskOrCreate" }),
    field: "volumes[0].hostDisk.capacity",
    message: "a hostDisk of type DiskOrCreate has no capacity: give the size of the image",
  },
  {
    id: "VI-14",
    when: "a host disk that exists, of another size",
    spec: hostDisk({ path: "/disks/disk.img", type: "Disk", capacity: "1Gi" }),
    field: "volumes[0].hostDisk.capacity",
    message: "a hostDisk of type Disk has a capacity: an image that exists keeps its size",
  },
  {
    id: "VI-14",
    when: "a host disk of a type that there is not",
    spec: hostDisk({ path: "/disks/disk.img", type: "Folder" }),
    field: "volumes[0].hostDisk.type",
    message: 'Unsupported value: "Folder"',
  },
  {
    id: "VI-14",
    when: "answers for Windows from two sources",
    spec: volume({ sysprep: { configMap: { name: "answers" }, secret: { name: "answers" } } }),
    field: "volumes[0].sysprep",
    message: "sysprep has exactly one source: give one of configMap, secret",
  },
];
