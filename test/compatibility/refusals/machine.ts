// Refusals of the machine itself: memory, CPU, firmware, and what is asked of the node for them.
import type { SpecRefusal } from "./row.ts";

const withDomain = (domain: object) => ({ domain });
const resources = (given: object) => withDomain({ resources: given });

const acpiTable = (more: object, domain: object = {}) => ({
  domain: { firmware: { acpi: { slicNameRef: "licence" } }, ...domain },
  ...more,
});
const licence = { name: "licence", secret: { secretName: "licence" } };

export const machineRefusals: SpecRefusal[] = [
  {
    id: "VI-02",
    when: "negative memory",
    spec: withDomain({ memory: { guest: "-64Mi" } }),
    field: "domain.memory.guest",
    message: 'Invalid value: "-64Mi"',
  },
  {
    id: "VI-02",
    when: "a memory request above its limit",
    spec: resources({ requests: { memory: "2Gi" }, limits: { memory: "1Gi" } }),
    field: "domain.resources.requests",
    message: "memory request is greater than its limit: found 2Gi, expected a request up to the limit",
  },
  {
    id: "VI-02",
    when: "a memory request below 1M",
    spec: resources({ requests: { memory: "512k" } }),
    field: "domain.resources.requests",
    message: "memory request is too small: found 512k, expected 1M at least",
  },
  {
    id: "VI-04",
    when: "a CPU request above its limit",
    spec: resources({ requests: { cpu: 2 }, limits: { cpu: "1500m" } }),
    field: "domain.resources.requests",
    message: "cpu request is greater than its limit: found 2, expected a request up to the limit",
  },
  {
    id: "VI-04",
    when: "a negative CPU limit",
    spec: resources({ limits: { cpu: "-1" } }),
    field: "domain.resources.limits.cpu",
    message: 'Invalid value: "-1"',
  },
  {
    id: "VI-08",
    when: "a machine type that the architecture has not",
    spec: withDomain({ machine: { type: "virt" } }),
    field: "domain.machine.type",
    message: 'Invalid value: "virt"',
  },
  {
    id: "VI-10",
    when: "arguments for a kernel that is not given",
    spec: withDomain({ firmware: { kernelBoot: { kernelArgs: "quiet" } } }),
    field: "domain.firmware.kernelBoot.kernelArgs",
    message: "kernelArgs without a kernel: set container.kernelPath too",
  },
  {
    id: "VI-10",
    when: "an image to boot from without a kernel in it",
    spec: withDomain({ firmware: { kernelBoot: { container: { image: "example.org/kernel" } } } }),
    field: "domain.firmware.kernelBoot.container",
    message: "kernelBoot.container has nothing to start: give kernelPath or initrdPath",
  },
  {
    id: "VI-10",
    when: "an ACPI table without its volume",
    spec: acpiTable({}),
    field: "domain.firmware.acpi.slicNameRef",
    message: "volume of the ACPI table not found: found 'licence', expected the name of a volume with a secret",
  },
  {
    id: "VI-10",
    when: "an ACPI table out of a volume that is no secret",
    spec: acpiTable({ volumes: [{ name: "licence", configMap: { name: "licence" } }] }),
    field: "domain.firmware.acpi.slicNameRef",
    message: "volume of the ACPI table not found: found 'licence', expected the name of a volume with a secret",
  },
  {
    id: "VI-10",
    when: "an ACPI table without ACPI",
    spec: acpiTable({ volumes: [licence] }, { features: { acpi: { enabled: false } } }),
    field: "domain.firmware.acpi.slicNameRef",
    message: "an ACPI table without ACPI: enable features.acpi or leave slicNameRef out",
  },
  {
    id: "VI-04",
    when: "more sockets than there is room for",
    spec: withDomain({ cpu: { sockets: 4, maxSockets: 2 } }),
    field: "domain.cpu.sockets",
    message: "sockets is greater than maxSockets: raise maxSockets or leave it out",
  },
  {
    id: "VI-07",
    when: "a policy for a CPU feature that there is not",
    spec: withDomain({ cpu: { features: [{ name: "vmx", policy: "wish" }] } }),
    field: "domain.cpu.features[0].policy",
    message: 'Unsupported value: "wish"',
  },
  {
    id: "VI-02",
    when: "huge pages of no size",
    spec: withDomain({ memory: { hugepages: { pageSize: "big" } } }),
    field: "domain.memory.hugepages.pageSize",
    message: 'Unsupported value: "big"',
  },
  {
    id: "VI-02",
    when: "guest memory that is no multiple of its pages",
    spec: withDomain({ memory: { guest: "65Mi", hugepages: { pageSize: "2Mi" } } }),
    field: "domain.memory.guest",
    message: "guest memory is no multiple of its huge pages: found 65Mi, expected whole pages",
  },
  {
    id: "VI-02",
    when: "guest memory of less than a page",
    spec: withDomain({ memory: { guest: "64Mi", hugepages: { pageSize: "1Gi" } } }),
    field: "domain.memory.guest",
    message: "guest memory is no multiple of its huge pages: found 64Mi, expected whole pages",
  },
  {
    id: "VI-02",
    when: "a memory request that is no multiple of the guest's pages",
    spec: withDomain({ memory: { guest: undefined, hugepages: {} }, resources: { requests: { memory: "65Mi" } } }),
    field: "domain.resources.requests",
    message: "memory request is no multiple of its huge pages: found 65Mi, expected whole pages",
  },
  {
    id: "VI-02",
    when: "a memory limit that is no multiple of the guest's pages",
    spec: withDomain({ memory: { guest: undefined, hugepages: {} }, resources: { limits: { memory: "65Mi" } } }),
    field: "domain.resources.limits",
    message: "memory limit is no multiple of its huge pages: found 65Mi, expected whole pages",
  },
];
