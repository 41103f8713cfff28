// Brings a bare Debian machine to the point where our own code runs. Plain JavaScript without packages: it is what
// installs them, on whatever Node (20 or later) the machine has.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const repository = join(import.meta.dirname, "..");
/** Node 24, from the package registry, for everything but these few lines. */
export const node = join(repository, "node_modules", ".bin", "node");

/** Programs that pods, images and guests are made with, and the Debian packages that bring them. */
const debianPackages = {
  conmon: "/usr/bin/conmon",
  "containernetworking-plugins": "/usr/lib/cni/bridge",
  cpio: "/usr/bin/cpio",
  crun: "/usr/bin/crun",
  e2fsprogs: "/sbin/mke2fs",
  "busybox-static": "/bin/busybox",
  "golang-github-containers-common": "/usr/share/containers/seccomp.json",
  iproute2: "/bin/ip",
  kmod: "/bin/kmod",
  "libvirt-daemon": "/usr/sbin/libvirtd",
  mount: "/sbin/losetup",
  nftables: "/usr/sbin/nft",
  ovmf: "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd",
  procps: "/sbin/sysctl",
  "qemu-system-x86": "/usr/bin/qemu-system-x86_64",
  "qemu-utils": "/usr/bin/qemu-img",
  skopeo: "/usr/bin/skopeo",
  swtpm: "/usr/bin/swtpm",
  "swtpm-tools": "/usr/bin/swtpm_setup",
  tini: "/usr/bin/tini",
  umoci: "/usr/bin/umoci",
  "util-linux": "/usr/bin/nsenter",
  xorriso: "/usr/bin/xorrisofs",
  zstd: "/usr/bin/zstd",
};

/** Only the tests need these: independent witnesses beside our own clients, and what makes a guest with an agent. */
const debianTestPackages = {
  curl: "/usr/bin/curl",
  debootstrap: "/usr/sbin/debootstrap",
  "libvirt-clients": "/usr/bin/virsh",
  openssl: "/usr/bin/openssl",
  "python3-libvirt": "/usr/lib/python3/dist-packages/libvirt.py",
};

/** What a Kubernetes cluster on this machine is made of, beside what is built from source. */
const debianClusterPackages = {
  buildah: "/usr/bin/buildah",
  conntrack: "/usr/sbin/conntrack",
  debootstrap: "/usr/sbin/debootstrap",
  "etcd-server": "/usr/bin/etcd",
  iptables: "/usr/sbin/iptables",
  "python3-pip": "/usr/lib/python3/dist-packages/pip",
  runc: "/usr/sbin/runc",
};

/**
 * Installs what is missing and says so; says one line when nothing is.
 * @param {{ tests?: boolean, cluster?: boolean }} [options]
 */
export function setUp({ tests = false, cluster = false } = {}) {
  const wanted = {
    ...debianPackages,
    ...(tests ? debianTestPackages : {}),
    ...(cluster ? debianClusterPackages : {}),
  };
  const missing = Object.entries(wanted)
    .filter(([, file]) => !existsSync(file))
    .map(([name]) => name);
  if (missing.length > 0) installDebianPackages(missing);
  const installed = installNpmPackages();
  if (missing.length === 0 && !installed) console.log("packages: all there");
}

function installDebianPackages(names) {
  if (process.getuid?.() !== 0)
    fail(`these Debian packages are missing and only root can install them: ${names.join(" ")}`);
  console.log(`packages: installing from Debian, which takes a minute: ${names.join(" ")}`);
  // Debian starts a server with the package; the cluster runs one of its own.
  if (names.includes("etcd-server") && existsSync("/run/systemd/system")) run("systemctl", ["mask", "etcd.service"]);
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "-q", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0", ...names];
  // Lists may be missing or old on a fresh machine; where they are good, no time is spent on them.
  if (run("apt-get", install, { environment }) === 0) return;
  run("apt-get", ["update", "-q"], { environment });
  const { status, stderr } = spawnSync("apt-get", install, {
    env: environment,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) fail(`apt-get could not install ${names.join(" ")}: ${stderr.trim()}`);
}

/** True when packages had to be installed. */
function installNpmPackages() {
  const stamp = join(repository, "node_modules", ".knvirt-lock");
  const lock = createHash("sha256")
    .update(readFileSync(join(repository, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && existsSync(node) && readFileSync(stamp, "utf8") === lock) return false;
  console.log("packages: installing from npm");
  // Versions and hashes come from the lock file, which stays as it is. No install scripts: nothing that we use needs
  // one, and none is trusted to run as root. Not `npm ci`: npm 11.19 refuses with it any lock file that leaves out
  // optional packages for other systems, and a registry mirror that lacks those makes such lock files.
  const install = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
  if (run("npm", install, { output: "inherit" }) !== 0) fail("npm install failed: see its messages above");
  linkNode();
  writeFileSync(stamp, lock);
  return true;
}

/** npm before 11.19 takes this link away with the package for the other processor, which wants the same name. */
function linkNode() {
  if (existsSync(node)) return;
  rmSync(node, { force: true });
  symlinkSync(join("..", `node-linux-${process.arch}`, "bin", "node"), node);
}

function run(command, args, { environment = process.env, output = "ignore" } = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: repository,
    env: environment,
    stdio: ["ignore", output, output],
  });
  if (error) fail(`${command} could not be started: ${error.message}`);
  return status;
}

function fail(message) {
  console.error(`knvirt: ${message}`);
  process.exit(1);
}
