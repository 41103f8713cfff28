// Every feature gate: how mature it is, and so whether it is on when nobody said anything.
import type { KubeVirt } from "./kubevirt.ts";

type Maturity = "alpha" | "beta" | "GA";

const featureGates: Record<"HostDisk" | "HypervisorInfoMetric" | "ImageVolume", Maturity> = {
  /** Volumes hostDisk: whoever may make a VM then reads and writes files of nodes. */
  HostDisk: "alpha",
  /** The metric kubevirt_vmi_hypervisor_info. */
  HypervisorInfoMetric: "beta",
  /** Container disks are image volumes of the launcher pod. Off, init containers copy them: slower, and the node needs
   * room for a copy of each; for clusters whose kubelets or container runtime have no image volumes. */
  ImageVolume: "beta",
};

export type FeatureGate = keyof typeof featureGates;

/** GA is always on; then what the settings list; then beta is on and alpha off. */
export function isEnabled(gate: FeatureGate, settings: KubeVirt | undefined): boolean {
  const maturity = featureGates[gate];
  const developer = settings?.spec?.configuration?.developerConfiguration;
  if (maturity === "GA" || developer?.featureGates?.includes(gate)) return true;
  return maturity === "beta" && !developer?.disabledFeatureGates?.includes(gate);
}

/** Whether guests run by emulation instead of KVM. */
export const usesEmulation = (settings: KubeVirt | undefined): boolean =>
  settings?.spec?.configuration?.developerConfiguration?.useEmulation ?? false;
