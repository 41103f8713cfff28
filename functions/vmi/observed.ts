// All that this function ever looks at.
import type { KubeVirt, VirtualMachineInstance } from "@knvirt/api";
import type { Container, PersistentVolumeClaim, Pod } from "@knvirt/kubernetes";
import type { Refusal } from "../runtime/intents.ts";

export interface Observed {
  vmi: VirtualMachineInstance;
  /** The pod of the launcher's name, whoever it belongs to. */
  pod: Pod | undefined;
  /** Those of its claims that exist; read only until the pod is made. */
  claims: PersistentVolumeClaim[];
  kubevirt: KubeVirt | undefined;
  settings: LauncherSettings;
  now: Date;
  refusal: Refusal | undefined;
}

export interface LauncherSettings {
  image: string;
  imagePullPolicy?: NonNullable<Container["imagePullPolicy"]>;
}
