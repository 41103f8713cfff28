// libvirt's private directories and configuration: one daemon for one guest, which shares nothing with others.
import { randomUUID } from "node:crypto";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { exists } from "./if-there.ts";
import type { Paths } from "./paths.ts";

export interface LibvirtFiles {
  environment: Record<string, string>;
  /** The only emulator that libvirt finds. */
  emulator: string;
  socket: string;
  pidFile: string;
  log: string;
  /** What libvirt found out about the emulators. */
  capabilities: string;
  /** Where it talks to emulators whose abilities it asks for. */
  probes: string;
  qemuLog(domain: string): string;
}

/**
 * libvirt asks each emulator on its path what it can do, and remembers it: seconds and megabytes for those of other
 * architectures. So its path leads to one.
 */
const installedEmulator = "/usr/bin/qemu-system-x86_64";

/** What emulates a TPM: libvirt uses it when the first three are there, and those use the others. */
const tpmPrograms = ["swtpm", "swtpm_setup", "swtpm_ioctl", "swtpm_cert", "certtool"].map(
  (name) => `/usr/bin/${name}`,
);

/** Short, because libvirt makes unix sockets deep below, and the name of such a socket has 107 characters at most. */
export function libvirtFiles({ private: home, drivers }: Paths): LibvirtFiles {
  const runtime = join(home, "run");
  const programs = join(home, "bin");
  return {
    environment: {
      HOME: home,
      XDG_CONFIG_HOME: home,
      XDG_CACHE_HOME: home,
      XDG_RUNTIME_DIR: runtime,
      LIBVIRT_DRIVER_DIR: drivers,
      PATH: programs,
      // A heap for each of its eighteen threads is more than it needs.
      MALLOC_ARENA_MAX: "1",
    },
    emulator: join(programs, basename(installedEmulator)),
    socket: join(runtime, "libvirt/libvirt-sock"),
    pidFile: join(runtime, "libvirt/libvirtd.pid"),
    log: join(home, "libvirtd.log"),
    capabilities: join(home, "libvirt/qemu/cache/capabilities"),
    probes: join(home, "libvirt/qemu/lib"),
    qemuLog: (domain) => join(home, "libvirt/qemu/log", `${domain}.log`),
  };
}

/** Else virtlogd is started beside each guest. The rest is for a root daemon, or the container's own business. */
const qemuConf = `stdio_handler = "file"
security_driver = "none"
security_default_confined = 0
remember_owner = 0
namespaces = []
cgroup_controllers = []
`;

/** One stuck call must not block the others. A random host, because no two launchers are the same one. */
const libvirtdConf = (): string => `max_client_requests = 50
host_uuid = "${randomUUID()}"
log_level = 3
log_outputs = "3:stderr"
`;

/** Once: a daemon that runs already keeps what it has read. */
export async function writeLibvirtFiles(paths: Paths): Promise<LibvirtFiles> {
  const files = libvirtFiles(paths);
  const configuration = join(paths.private, "libvirt");
  for (const directory of [configuration, files.environment.XDG_RUNTIME_DIR as string, files.capabilities])
    await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeOnce(join(configuration, "qemu.conf"), qemuConf);
  await writeOnce(join(configuration, "libvirtd.conf"), libvirtdConf());
  await mkdir(dirname(files.emulator), { recursive: true, mode: 0o700 });
  for (const program of [installedEmulator, ...tpmPrograms]) {
    const link = join(dirname(files.emulator), basename(program));
    if ((await exists(program)) && !(await exists(link))) await symlink(program, link);
  }
  if (!(await exists(paths.drivers))) delete files.environment.LIBVIRT_DRIVER_DIR;
  return files;
}

async function writeOnce(path: string, content: string): Promise<void> {
  if (!(await exists(path))) await writeFile(path, content, { mode: 0o600 });
}
