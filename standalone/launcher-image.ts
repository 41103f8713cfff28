// The launcher's image on this machine: its own root file system, with Node and the launcher laid over it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { launcherUser } from "@knvirt/api";
import type { HostImageDefinition } from "./pod-runner/index.ts";

export const launcherImage = "knvirt.dev/launcher:dev";

/** What `npm start` bundles, and the image takes in. */
export const launcherFiles = (folder: string) => ({
  bundle: join(folder, "launcher.js"),
  probe: join(folder, "launcher-probe.js"),
  run: join(folder, "launcher-run"),
});

/** libvirtd loads every driver it finds; a directory with this one alone keeps it small. */
const qemuDriver = "libvirt/connection-driver/libvirt_driver_qemu.so";
const libraryFolders: Partial<Record<NodeJS.Architecture, string>> = {
  x64: "/usr/lib/x86_64-linux-gnu",
  arm64: "/usr/lib/aarch64-linux-gnu",
};

/** libvirt wants its user to have a name. */
const passwd = `root:x:0:0:root:/:/usr/sbin/nologin\nqemu:x:${launcherUser}:${launcherUser}:QEMU:/:/usr/sbin/nologin\n`;
const group = `root:x:0:\nqemu:x:${launcherUser}:\n`;

export function launcherImageDefinition(programs: string): HostImageDefinition {
  const files = launcherFiles(programs);
  return {
    name: launcherImage,
    files: {
      "/opt/knvirt/node": { from: process.execPath },
      "/opt/knvirt/launcher.js": { from: files.bundle },
      "/opt/knvirt/launcher-probe.js": { from: files.probe },
      "/opt/knvirt/launcher-run": { content: readFileSync(files.run, "utf8"), mode: 0o755 },
      "/opt/knvirt/drivers/libvirt_driver_qemu.so": { from: join(libraryFolder(), qemuDriver) },
      "/etc/passwd": { content: passwd },
      "/etc/group": { content: group },
    },
    entrypoint: ["/usr/bin/tini", "--", "/opt/knvirt/launcher-run"],
    env: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
  };
}

function libraryFolder(): string {
  const folder = libraryFolders[process.arch];
  if (!folder) throw new Error(`guests cannot run on ${process.arch}: expected a machine of type x64 or arm64`);
  return folder;
}
