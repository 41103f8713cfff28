// Whom a container runs as: the pod's security context over the container's over the image's. Pure.
import type { Container, PodSpec } from "@knvirt/kubernetes";
import { PodError } from "../errors.ts";

export interface UserFiles {
  /** Contents of the image's /etc/passwd and /etc/group; empty when it has none. */
  passwd: string;
  group: string;
}

export interface OciUser {
  uid: number;
  gid: number;
  additionalGids?: number[];
}

export function containerUser(spec: PodSpec, container: Container, image: { user: string } & UserFiles): OciUser {
  const context = { ...spec.securityContext, ...container.securityContext };
  const fromImage = imageUser(image);
  const uid = context.runAsUser ?? fromImage.uid;
  if (context.runAsNonRoot && uid === 0)
    throw new PodError(
      "CreateContainerConfigError",
      `container ${container.name} has runAsNonRoot and would run as root: set runAsUser`,
    );
  // A user of the pod's own choice belongs to the group its passwd line names, else to root's, as in the kubelet.
  const usualGid = context.runAsUser === undefined ? fromImage.gid : groupOf(image, uid);
  const additionalGids = [...new Set([...(context.supplementalGroups ?? []), ...listed(context.fsGroup)])];
  return { uid, gid: context.runAsGroup ?? usualGid, ...(additionalGids.length > 0 && { additionalGids }) };
}

const listed = (value: number | undefined): number[] => (value === undefined ? [] : [value]);

/** The image's USER: "name", "uid", "name:group" or "uid:gid". */
function imageUser({ user, passwd, group }: { user: string } & UserFiles): { uid: number; gid: number } {
  const [name = "", groupName] = user.split(":");
  if (name === "") return { uid: 0, gid: 0 };
  const line = rows(passwd).find((row) => row[0] === name || row[2] === name);
  const uid = /^\d+$/.test(name) ? Number(name) : Number(line?.[2] ?? Number.NaN);
  const gid = groupName === undefined ? Number(line?.[3] ?? 0) : groupNumber(group, groupName);
  if (Number.isNaN(uid) || Number.isNaN(gid))
    throw new PodError(
      "CreateContainerConfigError",
      `image user ${user} is unknown: neither a number nor in the image's /etc/passwd and /etc/group`,
    );
  return { uid, gid };
}

const groupNumber = (group: string, name: string): number =>
  /^\d+$/.test(name) ? Number(name) : Number(rows(group).find((row) => row[0] === name)?.[2] ?? Number.NaN);

const groupOf = ({ passwd }: UserFiles, uid: number): number =>
  Number(rows(passwd).find((row) => row[2] === String(uid))?.[3] ?? 0);

const rows = (file: string): string[][] => file.split("\n").map((line) => line.split(":"));
