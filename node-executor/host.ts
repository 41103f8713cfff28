// What the executor does on its node beside asking launchers: all of it may be done again, or be cut short at any moment.
// What fails is thrown as ExecutorError.
import type { VirtualMachineInstance } from "@knvirt/api";
import type { Pod } from "@knvirt/kubernetes";
import type { CacheFile, PodInterface } from "@knvirt/proto";
import type { Emulator } from "./capabilities.ts";
import type { CursorFile } from "./lifecycle/cursor-file.ts";

export interface Host {
  /** Makes the pod's network ready for its guest. */
  prepareNetwork(podUid: string, vmi: VirtualMachineInstance): Promise<PodInterface[]>;
  /** Gives devices and disks to the pod's launcher; a disk that is missing is made. */
  prepareLauncher(podUid: string, vmi: VirtualMachineInstance, pod: Pod): Promise<PreparedLauncher>;
  /** What libvirt found out about the emulator: kept, or else probed for. */
  capabilities(emulator: Emulator, probe: () => Promise<CacheFile[]>): Promise<CacheFile[]>;
  /** Outlives this process. */
  readonly cursors: CursorFile;
}

export interface PreparedLauncher extends Pick<Emulator, "unpackedAt"> {
  /** Disks that are smaller than asked for, as the user should know. */
  smallDisks: string[];
}
