// emptyDir volumes, in the kubelet's layout: the node executor finds the launcher's socket there.
import { chmod, chown, mkdir, readFile } from "node:fs/promises";
import { parseQuantity } from "@knvirt/kubernetes";
import { runTool } from "@knvirt/tools";

export interface EmptyDir {
  directory: string;
  fsGroup: number | undefined;
  medium: "" | "Memory";
  sizeLimit: string | undefined;
}

export async function ensureEmptyDir({ directory, fsGroup, medium, sizeLimit }: EmptyDir): Promise<void> {
  await mkdir(directory, { recursive: true });
  if (medium === "Memory") await ensureMemory(directory, sizeLimit);
  if (fsGroup !== undefined) await chown(directory, 0, fsGroup);
  await chmod(directory, fsGroup === undefined ? 0o777 : 0o2777); // setgid: what is made inside belongs to the group
}

/** What is in memory is never on a disk of the machine. */
export async function ensureMemory(directory: string, sizeLimit?: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  if ((await mountedBelow(directory)).includes(directory)) return;
  const size = sizeLimit === undefined ? [] : [`size=${parseQuantity(sizeLimit)}`];
  await runTool("mount", ["-t", "tmpfs", "-o", ["nosuid", "nodev", ...size].join(","), "tmpfs", directory]);
}

/** Mount points at or below a directory, deepest first: the order to unmount them in. */
export async function mountedBelow(directory: string): Promise<string[]> {
  const table = await readFile("/proc/self/mountinfo", "utf8");
  return table
    .split("\n")
    .map((line) => unescapeOctal(line.split(" ")[4] ?? ""))
    .filter((path) => path === directory || path.startsWith(`${directory}/`))
    .reverse();
}

/** mountinfo writes a space in a path as \040. */
const unescapeOctal = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

export async function unmountBelow(directory: string): Promise<void> {
  for (const path of await mountedBelow(directory)) await runTool("umount", [path]);
}
