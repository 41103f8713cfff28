// Which kernel modules the guest carries, in the order they are loaded. Pure.

/** Names of modules as files spell them; those built into the kernel are simply not found among the modules. */
export const guestModules = [
  "virtio_pci",
  "virtio_blk",
  "virtio_net",
  "virtio-rng",
  "virtio_console",
  "isofs",
  "vfat",
  "nls_cp437",
  "nls_ascii",
  "button", // the ACPI power button ...
  "evdev", // ... as an input event
  "pvpanic-mmio", // the panic device
];

/** Paths below /lib/modules/<version>, each after those it needs. Lines of modules.dep: `path: needed path ...`. */
export function loadOrder(modulesDep: string, builtIn: string, wanted: string[]): string[] {
  const needs = new Map(
    modulesDep
      .split("\n")
      .filter((line) => line.includes(":"))
      .map((line): [string, string[]] => {
        const [path = "", rest = ""] = line.split(":");
        return [path, rest.trim().split(/\s+/).filter(Boolean)];
      }),
  );
  const paths = wanted.flatMap((name) => modulePath(name, [...needs.keys()], builtIn));
  // modules.dep names what a module needs nearest first: the last must be loaded first.
  return [...new Set(paths.flatMap((path) => [...(needs.get(path) ?? []).toReversed(), path]))];
}

function modulePath(name: string, paths: string[], builtIn: string): string[] {
  const isNamed = (path: string): boolean => new RegExp(`/${name}\\.ko(\\.\\w+)?$`).test(path);
  const path = paths.find(isNamed);
  if (path) return [path];
  if (builtIn.split("\n").some(isNamed)) return [];
  throw new Error(`kernel module ${name} is missing: the kernel package neither has nor builds it in`);
}
