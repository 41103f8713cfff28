// Flags by name: every set of libvirt's flag bits that callers may choose from.
export type Flags<T> = { [Name in keyof T]?: boolean | undefined };

/** Options beside the flags are passed over, so that one object may carry both. */
export function bits<T extends Record<string, number>>(table: T, chosen: Flags<T>): number {
  let sum = 0;
  for (const [name, bit] of Object.entries(table)) if (chosen[name]) sum += bit;
  return sum;
}

export const defineFlags = { validate: 1 } as const;
export const createFlags = { paused: 1, autoDestroy: 2, bypassCache: 4, forceBoot: 8, validate: 16 } as const;
export const shutdownFlags = { acpi: 1, agent: 2 } as const;
export const destroyFlags = { graceful: 1, removeLogs: 2 } as const;
export const undefineFlags = { managedSave: 1, snapshots: 2, nvram: 4, keepNvram: 8, checkpoints: 16 } as const;
export const xmlFlags = { secure: 1, inactive: 2, updateCpu: 4, migratable: 8 } as const;
/** Neither of both means: what the domain's present state makes of it. */
export const affectFlags = { live: 1, config: 2 } as const;
export const vcpuFlags = { ...affectFlags, maximum: 4, agent: 8 } as const;
export const memoryFlags = { ...affectFlags, maximum: 4 } as const;
export const listFlags = { active: 1, inactive: 2, persistent: 4, transient: 8 } as const;
export const statsGroups = {
  state: 1,
  cpu: 2,
  balloon: 4,
  vcpu: 8,
  interface: 16,
  block: 32,
  perf: 64,
  ioThread: 128,
  memory: 256,
  dirtyRate: 512,
  vm: 1024,
} as const;
/** nowait leaves out what a domain in a job cannot tell at once. */
export const statsFlags = { ...listFlags, nowait: 2 ** 29, backing: 2 ** 30, enforce: 2 ** 31 } as const;
export const guestInfoTypes = {
  users: 1,
  os: 2,
  timezone: 4,
  hostname: 8,
  filesystems: 16,
  disks: 32,
  interfaces: 64,
} as const;
