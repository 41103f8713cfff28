// Memory of a domain: as the host sees it, and as the guest's balloon driver tells.
import { domainFigure, kibibytes, type Metric } from "./metric.ts";

/** Sizes and traffic; libvirt counts in KiB. */
const sizes: [name: string, figure: string, help: string][] = [
  ["resident", "balloon.rss", "Memory of the host that the emulator occupies."],
  ["available", "balloon.available", "Memory that the guest sees in all."],
  ["unused", "balloon.unused", "Memory that the guest leaves wholly free."],
  ["cached", "balloon.disk_caches", "Memory that the guest uses as disk cache and can give back."],
  ["swap_in_traffic", "balloon.swap_in", "Data that the guest has read from its swap space."],
  ["swap_out_traffic", "balloon.swap_out", "Data that the guest has written to its swap space."],
  ["actual_balloon", "balloon.current", "Memory that the balloon leaves to the guest."],
  ["usable", "balloon.usable", "Memory that new processes of the guest can have without swapping."],
  ["domain", "balloon.current", "Memory of the domain."],
];

const faults: [name: string, figure: string, help: string][] = [
  ["pgmajfault", "balloon.major_fault", "Page faults of the guest that read from a disk."],
  ["pgminfault", "balloon.minor_fault", "Page faults of the guest that needed no disk."],
];

export const memoryMetrics: Metric[] = [
  ...sizes.map(([name, figure, help]) =>
    domainFigure({ name: `kubevirt_vmi_memory_${name}_bytes`, help, type: "gauge", figure, unit: kibibytes }),
  ),
  ...faults.map(([name, figure, help]) =>
    domainFigure({ name: `kubevirt_vmi_memory_${name}_total`, help, type: "counter", figure }),
  ),
];
