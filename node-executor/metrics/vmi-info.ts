// The identity card of each instance of this node, and how many there are of each kind.
import { phaseOf } from "@knvirt/api";
import { gauge, type Instance, type Metric } from "./metric.ts";
import { labelText, seriesText } from "./text-format.ts";

/** Upstream's word for what is not known; an empty label would be no label. */
const none = "<none>";

const annotated =
  (key: string) =>
  ({ vmi }: Instance): string =>
    vmi.metadata.annotations?.[key] || none;
const unknown = (): string => none;

/** What instances are grouped by when they are counted. */
const kindLabels = {
  node: ({ node }: Instance): string => node,
  phase: ({ vmi }: Instance): string => phaseOf(vmi).toLowerCase(),
  os: annotated("vm.kubevirt.io/os"),
  workload: annotated("vm.kubevirt.io/workload"),
  flavor: annotated("vm.kubevirt.io/flavor"),
  instance_type: unknown,
  preference: unknown,
  guest_os_kernel_release: unknown,
  guest_os_machine: unknown,
  guest_os_arch: unknown,
  guest_os_name: unknown,
  guest_os_version_id: unknown,
};

export const vmiInfo: Metric = gauge<Instance>({
  name: "kubevirt_vmi_info",
  help: "Information about the VMI. Always 1.",
  of: ({ instances }) => instances,
  labels: {
    namespace: ({ vmi }) => vmi.metadata.namespace,
    name: ({ vmi }) => vmi.metadata.name,
    ...kindLabels,
    // Nothing holds up the eviction of a VMI that has no eviction strategy.
    evictable: () => "true",
    outdated: () => "false",
    vmi_pod: ({ pod }) => pod?.metadata.name ?? none,
  },
  value: () => 1,
});

const phaseCount = {
  name: "kubevirt_vmi_phase_count",
  help: "Number of VMIs of each kind in each phase.",
  type: "gauge",
} as const;

export const vmiPhaseCount: Metric = {
  ...phaseCount,
  labelNames: Object.keys(kindLabels),
  series: ({ instances }) => {
    const counts = new Map<string, number>();
    for (const instance of instances) {
      const labels = labelText(
        Object.fromEntries(Object.entries(kindLabels).map(([name, of]) => [name, of(instance)])),
      );
      counts.set(labels, (counts.get(labels) ?? 0) + 1);
    }
    return [...counts].map(([labels, count]) => seriesText(phaseCount.name, labels, count)).join("");
  },
};
