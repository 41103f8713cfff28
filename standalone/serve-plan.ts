// What the preparing process tells the serving one that takes its place.

export interface ServePlan {
  /** Manifests to apply. */
  files: string[];
  /** Objects that are there already are left as they are. */
  keepStored: boolean;
  /** KVM of this machine does not run guests. */
  emulation: boolean;
  /** What functions observe and decide is kept. */
  record: boolean;
  /** Where CloudEvents about guests are sent, as this start was told. */
  events?: string;
}

/** Environment variable that holds the plan as JSON. */
export const planVariable = "KNVIRT_SERVE_PLAN";
