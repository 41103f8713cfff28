// A guest that runs is stopped only when somebody wanted that of this very incarnation, or when it has ended by itself.
import type { Invariant } from "./invariant.ts";

export const stopsAreCaused: Invariant = ({ register, causes, broken }) => {
  const live = new Set<string>();
  const judge = (pod: string, vmi: string, how: string): void => {
    if (!live.has(pod) || causes.of(vmi) !== undefined) return;
    const key = register.vmis.get(vmi)?.key ?? vmi;
    broken(`VirtualMachineInstance ${key}`, `has a guest that runs and is to end by ${how} without a cause`);
  };
  return {
    guest: ({ what, pod, vmi }) => {
      if (what === "runs") live.add(pod);
      else if (what === "ends") live.delete(pod);
      else if (what === "stopping") judge(pod, vmi, "shutdown");
    },
    container: ({ what, pod, vmi }) => {
      if (what === "terminate") judge(pod, vmi, "SIGTERM");
      else if (what === "kill") judge(pod, vmi, "SIGKILL");
    },
  };
};
