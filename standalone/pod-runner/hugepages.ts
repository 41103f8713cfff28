// Huge pages of this machine: as many as its administrator has set aside, and they are no ordinary memory any more.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { absentIs } from "./observe.ts";

const directory = "/sys/kernel/mm/hugepages";

export interface Hugepages {
  /** Size of a page. */
  kibibytes: number;
  count: number;
}

/** None where the kernel has no such pages. */
export async function hugepagesOf(root = directory): Promise<Hugepages[]> {
  const names = await readdir(root).catch(absentIs<string[]>([]));
  return Promise.all(
    names.map(async (name) => ({
      kibibytes: Number(/^hugepages-(\d+)kB$/.exec(name)?.[1] ?? 0),
      count: Number(await readFile(join(root, name, "nr_hugepages"), "utf8")),
    })),
  );
}

/** By Kubernetes' names of them; sizes of which there are none are told too, as the kubelet does. */
export const hugepageResources = (all: Hugepages[]): Record<string, string> =>
  Object.fromEntries(
    all.map(({ kibibytes, count }) => [`hugepages-${sizeText(kibibytes)}`, `${kibibytes * count}Ki`]),
  );

export const hugepageBytes = (all: Hugepages[]): number =>
  all.reduce((sum, { kibibytes, count }) => sum + kibibytes * 1024 * count, 0);

const sizeText = (kibibytes: number): string =>
  kibibytes >= 1024 ** 2 ? `${kibibytes / 1024 ** 2}Gi` : `${kibibytes / 1024}Mi`;
