// Which files a Secret or ConfigMap volume holds, with which mode. Pure.
import type { KeyToPath } from "@knvirt/kubernetes";
import { PodError } from "../errors.ts";

export interface ProjectedFile {
  path: string;
  mode: number;
  content: Buffer;
}

export interface Projection {
  /** For messages: "secret default/web-user-data". */
  source: string;
  volume: string;
  items?: KeyToPath[] | undefined;
  defaultMode?: number | undefined;
  optional?: boolean | undefined;
  fsGroup?: number | undefined;
}

const usualMode = 0o644;
/** With an fsGroup the group may read what it was given. */
const groupMayRead = 0o440;

export function projectedFiles(entries: Map<string, Buffer>, projection: Projection): ProjectedFile[] {
  const { items, defaultMode = usualMode, fsGroup } = projection;
  const chosen = items ?? [...entries.keys()].map((key) => ({ key, path: key }));
  return chosen.flatMap(({ key, path, mode = defaultMode }: KeyToPath) => {
    const content = entries.get(key);
    if (content) return [{ path: safePath(path, projection), content, mode: withGroup(mode, fsGroup) }];
    if (projection.optional) return [];
    throw new PodError(
      "CreateContainerConfigError",
      `volume ${projection.volume} needs key ${key} of ${projection.source}: it has ${[...entries.keys()].join(", ") || "no keys"}`,
    );
  });
}

const withGroup = (mode: number, fsGroup: number | undefined): number =>
  fsGroup === undefined ? mode : mode | groupMayRead;

function safePath(path: string, { volume }: Projection): string {
  const parts = path.split("/");
  if (path === "" || path.startsWith("/") || parts.some((part) => part === ".." || part === "." || part === ""))
    throw new PodError(
      "CreateContainerConfigError",
      `volume ${volume} has path ${JSON.stringify(path)}: expected a path inside the volume`,
    );
  return path;
}
