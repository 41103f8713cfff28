// For whom images are made, and where.
import type { Paths } from "../paths.ts";

export interface Workplace {
  paths: Paths;
  /** namespace/name, for messages. */
  vmi: string;
  firmwareUuid: string;
  hostname: string;
  /** Keys of users that the guest takes from cloud-init's data. */
  publicKeys: Record<"noCloud" | "configDrive", string[]>;
  /** Volumes whose disks are to have their block sizes. */
  matched: ReadonlySet<string>;
}
