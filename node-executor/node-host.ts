// The node that this process runs on: the pods' processes and namespaces below /proc, and a folder to keep things in.
import { readFileSync } from "node:fs";
import { openCapabilities } from "./capabilities.ts";
import type { Host } from "./host.ts";
import { getLauncherProcess } from "./launcher-process.ts";
import { openCursorFile } from "./lifecycle/cursor-file.ts";
import { prepareNetwork } from "./network/apply.ts";
import { claimDevices, giveDevices } from "./pod-devices.ts";
import { giveDisks, podDisks } from "./pod-disks.ts";

export interface NodePlaces {
  stateDir: string;
  /** Where the node's /dev is seen. */
  devDir: string;
}

export function nodeHost({ stateDir, devDir }: NodePlaces): Host {
  const kept = openCapabilities(stateDir);
  return {
    prepareNetwork,
    prepareLauncher: async (podUid, vmi, pod) => {
      const launcher = getLauncherProcess(podUid);
      giveDevices(launcher, devDir, claimDevices(vmi));
      return { unpackedAt: launcher.unpackedAt, smallDisks: giveDisks(launcher, podDisks(vmi, pod)) };
    },
    capabilities: async (emulator, probe) => kept.of({ ...emulator, bootId: bootId() }, probe),
    cursors: openCursorFile(stateDir),
  };
}

const bootId = (): string => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
