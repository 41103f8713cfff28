// The disk of the test guest: Debian's stable release with the packages that tests are about.
import { chmod, cp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "@knvirt/tools";
import { debianMirror } from "../../cluster/images/mirror.ts";
import { run } from "../../cluster/run.ts";

const release = "trixie";
/** The last one is only named because debootstrap does not look for who provides what another package depends on. */
const packages = ["busybox-static", "cloud-init", "iproute2", "qemu-guest-agent", "python3-cffi-backend"];
/** Found by it: which disk it is depends on the bus and the order of disks. */
const label = "agent-guest";
const size = "1G";
/** Of no use to a test. */
const unused = [
  "boot",
  "usr/share/doc",
  "usr/share/info",
  "usr/share/locale",
  "usr/share/man",
  "var/cache/apt",
  "var/lib/apt/lists",
];
const programs = [
  "usr/sbin/shutdown",
  "etc/acpi/PWRF/00000080",
  ...["rc", "agent", "services", "udhcpc"].map((name) => `etc/knvirt/${name}`),
];
/** Applets that are no packages' own. */
const applets = ["acpid", "init", "poweroff", "reboot"];
/** Whose keys and password tests change. */
const user = "debian";

export async function writeDisk(workspace: string, file: string): Promise<void> {
  const root = join(workspace, "root");
  const options = ["--variant=minbase", `--include=${packages.join(",")}`];
  await runTool("debootstrap", [...options, release, root, await debianMirror(run)]);
  for (const path of unused) await rm(join(root, path), { recursive: true, force: true });
  await cp(join(import.meta.dirname, "root"), root, { recursive: true });
  for (const program of programs) await chmod(join(root, program), 0o755);
  for (const applet of applets) {
    await rm(join(root, "usr/sbin", applet), { force: true });
    await symlink("/bin/busybox", join(root, "usr/sbin", applet));
  }
  await runTool("chroot", [root, "useradd", "--create-home", "--shell", "/bin/bash", user]);
  const raw = join(workspace, "disk.raw");
  await runTool("mke2fs", ["-q", "-t", "ext4", "-L", label, "-d", root, "-E", "root_owner=0:0", raw, size]);
  await runTool("qemu-img", ["convert", "-c", "-O", "qcow2", raw, file]);
}
