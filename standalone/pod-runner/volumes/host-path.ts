// Folders of the machine in a pod. The pod's author is trusted with them: only who may make pods can ask for one.
import { mkdir, stat } from "node:fs/promises";
import type { PodVolume } from "@knvirt/kubernetes";
import { PodError } from "../errors.ts";

export async function ensureHostPath(
  volume: string,
  { path, type = "" }: NonNullable<PodVolume["hostPath"]>,
): Promise<string> {
  if (type === "DirectoryOrCreate") await mkdir(path, { recursive: true, mode: 0o755 });
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return path;
  throw new PodError("FailedMount", `volume ${volume} needs folder ${path} of this machine: it does not exist`);
}
