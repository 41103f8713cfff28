// Where a running cluster finds its programs: links in its folder, so that no caller has to know what was built when.
import { mkdir, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Binaries } from "./builds.ts";
import type { Places } from "./places.ts";

const kinds = ["kubernetes", "containerd"] as const;

export const programFolder = (places: Pick<Places, "state">, kind: (typeof kinds)[number]): string =>
  join(places.state, "programs", kind);

/** Of the cluster's version; with a cluster of others the one that its user has. */
export const kubectlOf = (places: Places): string =>
  places.foreign ? "kubectl" : join(programFolder(places, "kubernetes"), "kubectl");

export async function linkPrograms(places: Places, binaries: Binaries): Promise<void> {
  for (const kind of kinds) {
    const link = programFolder(places, kind);
    await mkdir(dirname(link), { recursive: true });
    await rm(`${link}.part`, { force: true });
    await symlink(binaries[kind], `${link}.part`);
    await rename(`${link}.part`, link);
  }
}
