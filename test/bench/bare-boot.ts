// The comparison: the very domain that a launcher made, by a libvirtd of its own and virsh, and nothing else of ours.
import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { launcherPath } from "@knvirt/api";
import { runTool } from "@knvirt/tools";
import type { Instance } from "../support/instance.ts";
import { untilLogSays } from "./guest-log.ts";

/** libvirt wants a user that has a name. */
const nobody = 65534;

export interface BareDomain {
  xmlFile: string;
  uri: string;
  serialLog: string;
  name: string;
  remove(): Promise<void>;
}

/** Copies the running domain of a pod, and starts a libvirtd that knows the emulator as well as the pod's does. */
export async function captureDomain({ dataDir }: Instance, podUid: string): Promise<BareDomain> {
  const volumes = join(dataDir, "pods", podUid, "volumes/kubernetes.io~empty-dir");
  const source = join(volumes, "private");
  const root = await mkdtemp(join(tmpdir(), "knvirt-bare-"));
  const place = join(root, "private");
  mkdirSync(place);
  // cp copies sockets too, which the domain's own directories hold. In bin lies the emulator's link.
  await runTool("cp", ["-a", join(source, "libvirt"), join(source, "bin"), place]);
  await rm(join(place, "libvirt", "qemu", "lib"), { recursive: true, force: true });
  const xml = readFileSync(join(source, "libvirt", "qemu", "default_bench.xml"), "utf8");
  await rm(join(place, "libvirt", "qemu", "default_bench.xml"));
  mkdirSync(join(root, "sockets"));
  cpSync(join(dataDir, "images"), join(root, "images"), { recursive: true });
  return start({ root, xml, place });
}

async function start({ root, xml, place }: { root: string; xml: string; place: string }): Promise<BareDomain> {
  const [kernelBoot = ""] = (await runTool("find", [join(root, "images"), "-name", "vmlinuz"])).split("\n");
  const moved = xml
    .replaceAll(launcherPath.kernelBoot, kernelBoot.replace(/\/boot\/vmlinuz$/, ""))
    .replaceAll(launcherPath.private, place)
    .replaceAll(launcherPath.sockets, join(root, "sockets"));
  const xmlFile = join(root, "domain.xml");
  writeFileSync(xmlFile, moved);
  await runTool("chown", ["-R", `${nobody}:${nobody}`, root]);
  const daemon = startLibvirtd(place);
  const socket = join(place, "run", "libvirt", "libvirt-sock");
  while (!existsSync(socket)) await sleep(10);
  const uri = `qemu+unix:///session?socket=${socket}`;
  await runTool("virsh", ["-c", uri, "capabilities"]);
  const serialLog = /<log file='([^']+)'/.exec(moved)?.[1] ?? "";
  const name = /<name>([^<]+)</.exec(moved)?.[1] ?? "";
  return { xmlFile, uri, serialLog, name, remove: () => remove(daemon, root) };
}

function startLibvirtd(place: string): ChildProcess {
  mkdirSync(join(place, "run"));
  chownSync(join(place, "run"), nobody, nobody);
  const directories = {
    HOME: place,
    XDG_CONFIG_HOME: place,
    XDG_CACHE_HOME: place,
    XDG_RUNTIME_DIR: join(place, "run"),
  };
  return spawn("libvirtd", [], {
    uid: nobody,
    gid: nobody,
    stdio: "ignore",
    env: { PATH: process.env.PATH, ...directories },
  });
}

async function remove(daemon: ChildProcess, root: string): Promise<void> {
  daemon.kill("SIGKILL");
  await rm(root, { recursive: true });
}

/** Milliseconds from `virsh define` to the text on the guest's console. */
export async function bareBoot({ xmlFile, uri, serialLog, name }: BareDomain, text: string): Promise<number> {
  rmSync(serialLog, { force: true });
  const started = performance.now();
  await runTool("virsh", ["-c", uri, "define", xmlFile]);
  await runTool("virsh", ["-c", uri, "start", name]);
  await untilLogSays(async () => serialLog, text);
  const milliseconds = performance.now() - started;
  await runTool("virsh", ["-c", uri, "destroy", name]);
  await runTool("virsh", ["-c", uri, "undefine", name]);
  return milliseconds;
}
