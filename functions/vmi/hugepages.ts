// Huge pages that the guest's memory is made of: a resource of their own, which is requested and limited alike.
import { guestMemoryOf, hugepageSizeOf, type VmiSpec } from "@knvirt/api";

/** In bytes: so much less of ordinary memory is needed. */
export const hugepageBytesOf = (spec: VmiSpec): number =>
  hugepageSizeOf(spec) === undefined ? 0 : (guestMemoryOf(spec) ?? 0);

export function hugepageResources(spec: VmiSpec): Record<string, string> {
  const { hugepages } = spec.domain.memory ?? {};
  return hugepages ? { [`hugepages-${hugepages.pageSize ?? "2Mi"}`]: `${hugepageBytesOf(spec)}` } : {};
}
