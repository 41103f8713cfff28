// Debian packages as sources of files: found and fetched by apt, unpacked without being installed.
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { runTool, ToolError } from "@knvirt/tools";

export interface PackageVersion {
  name: string;
  version: string;
}

/** The packages the guest is made of; the kernel is the one the metapackage stands for today. */
export async function guestPackages(
  architecture: string,
): Promise<{ kernel: PackageVersion; busybox: PackageVersion }> {
  const said = await showPackages([`linux-image-cloud-${architecture}`, "busybox-static"]);
  return { kernel: newestKernel(said), busybox: packageIn(said, "busybox-static") };
}

async function showPackages(names: string[]): Promise<string> {
  const show = () => runTool("apt-cache", ["show", "--no-all-versions", ...names]);
  try {
    return await show();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    await runTool("apt-get", ["update", "--quiet"]); // a fresh machine has no package lists yet
    return show();
  }
}

/** The metapackage depends on one concrete kernel, version included. */
export function newestKernel(said: string): PackageVersion {
  const [, name, version] = /^Depends: (linux-image-[^\s(]+) \(= ([^)]+)\)/m.exec(said) ?? [];
  if (!name || !version)
    throw new Error(`kernel package is unknown: apt-cache names none in ${JSON.stringify(said.slice(0, 500))}`);
  return { name, version };
}

export function packageIn(said: string, name: string): PackageVersion {
  const paragraph = said.split(/\n\n/).find((text) => text.includes(`Package: ${name}\n`)) ?? "";
  const version = /^Version: (\S+)/m.exec(paragraph)?.[1];
  if (!version) throw new Error(`package ${name} is unknown to apt`);
  return { name, version };
}

/** Unpacks the package's files below `target`. */
export async function unpackPackage({ name, version }: PackageVersion, target: string): Promise<void> {
  const downloads = `${target}.${name}.download`;
  await mkdir(downloads, { recursive: true });
  // As root without a sandbox user: the directory is ours alone, which apt would only warn about.
  await runTool("apt-get", ["download", "--quiet", "-o", "APT::Sandbox::User=root", `${name}=${version}`], {
    cwd: downloads,
  });
  const file = (await readdir(downloads)).find((entry) => entry.endsWith(".deb"));
  if (!file) throw new Error(`package ${name} ${version} was not downloaded: apt-get left no file in ${downloads}`);
  await runTool("dpkg-deb", ["--extract", join(downloads, file), target]);
}
