// What the programs that make images may take: what they read was made by strangers.
import type { ToolOptions } from "@knvirt/tools";

export const limits: ToolOptions = {
  timeoutMs: 60_000,
  limits: { cpuSeconds: 10, addressSpaceKib: 2_000 * 1024 },
};
