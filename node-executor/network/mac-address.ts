// Which MAC address a guest's interface has: fixed before the guest starts, the same at every look.
import { createHash } from "node:crypto";
import type { NetworkInterface, VirtualMachineInstance } from "@knvirt/api";

/** As the spec gives it, else derived from instance and interface: unicast, locally administered. */
export function macAddressOf({ metadata }: VirtualMachineInstance, { name, macAddress }: NetworkInterface): string {
  if (macAddress) return macAddress.toLowerCase().replaceAll("-", ":");
  const digest = createHash("sha256").update(`${metadata.uid}/${name}`).digest();
  // 02:00:00:00:00:00 is the bridge's: 06 in front keeps clear of it.
  return [0x06, ...digest.subarray(0, 5)].map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}
