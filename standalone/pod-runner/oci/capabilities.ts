// Linux capabilities of a container: the runtimes' common default, minus drop, plus add. Pure.
import type { Capabilities } from "@knvirt/kubernetes";

/** What containerd and Docker grant when nothing is said. */
const byDefault = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "NET_RAW",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

/** Names with the CAP_ prefix, as the OCI runtime and seccomp profiles spell them. */
export function grantedCapabilities({ add = [], drop = [] }: Capabilities = {}): string[] {
  const dropped = new Set(drop.map(plainName));
  const kept = dropped.has("ALL") ? [] : byDefault.filter((name) => !dropped.has(name));
  return [...new Set([...kept, ...add.map(plainName)])].sort().map((name) => `CAP_${name}`);
}

const plainName = (name: string): string => name.toUpperCase().replace(/^CAP_/, "");
