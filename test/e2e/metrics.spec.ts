// Metrics of running instances, and of what runs them.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubeVirts, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { buildersFor } from "../support/builders.ts";
import { haltingDiskImage } from "../support/disk-image.ts";
import { eventually } from "../support/eventually.ts";
import { sharedHost } from "../support/shared-host.ts";
import { removeVms, runningVmi } from "../support/vms.ts";

const host = sharedHost();
const { aVm, aVmi } = buildersFor(host);

/** One that is not answered in time, or by some only, tells nothing. */
const scrape = (token?: string) =>
  eventually(() => host.scrape(token).catch(() => undefined), {
    what: "metrics are answered",
    evidence: () => host.evidence(),
  });

const seriesIn = (text: string, metric: string, name: string): string[] =>
  text.split("\n").filter((line) => line.startsWith(`${metric}{`) && line.includes(`name="${name}"`));

/** What was scraped then. */
const eventuallyNoSeries = (metric: string, name: string): Promise<string> =>
  eventually(
    async () => {
      const { text } = await scrape();
      return seriesIn(text, metric, name).length === 0 && text;
    },
    { what: `${metric} of ${name} is gone` },
  );

const eventuallySeries = (metric: string, name: string): Promise<string[]> =>
  eventually(
    async () => {
      const found = seriesIn((await scrape()).text, metric, name);
      return found.length > 0 && found;
    },
    { seconds: 60, what: `${metric} of ${name}`, evidence: async () => (await scrape()).text },
  );

const useEmulation = (value: boolean) =>
  host.client.mergePatch(kubeVirts, host.settings, {
    patch: { spec: { configuration: { developerConfiguration: { useEmulation: value } } } },
  });

afterAll(() => removeVms(host, "measured", "kvm"));

describe("metrics", () => {
  it("ask for credentials", async () => {
    expect((await scrape("")).code).toBe(401);
    expect((await scrape("wrong")).code).toBe(401);
  });

  it("tell of each running instance under upstream's names", async () => {
    await host.client.create(virtualMachines, aVm({ name: "measured" }));
    await runningVmi(host, "measured");
    for (const metric of [
      "kubevirt_vmi_info",
      "kubevirt_vmi_cpu_usage_seconds_total",
      "kubevirt_vmi_vcpu_seconds_total",
      "kubevirt_vmi_memory_resident_bytes",
      "kubevirt_vmi_memory_domain_bytes",
      "kubevirt_vmi_network_receive_bytes_total",
    ])
      expect(await eventuallySeries(metric, "measured")).toHaveLength(1);
  });

  it("tell the hypervisor from the live domain", async () => {
    const [line] = await eventuallySeries("kubevirt_vmi_hypervisor_info", "measured");
    expect(line).toMatch(/hypervisor="(qemu-tcg|kvm)"/);
    expect(line).toMatch(/ 1$/);
  });

  it("leave the hypervisor out while its gate is off", async () => {
    const gates = (disabledFeatureGates: string[] | null) =>
      host.client.mergePatch(kubeVirts, host.settings, {
        patch: { spec: { configuration: { developerConfiguration: { disabledFeatureGates } } } },
      });
    await gates(["HypervisorInfoMetric"]);
    const text = await eventuallyNoSeries("kubevirt_vmi_hypervisor_info", "measured");
    expect(seriesIn(text, "kubevirt_vmi_info", "measured")).toHaveLength(1);
    await gates(null);
    await eventuallySeries("kubevirt_vmi_hypervisor_info", "measured");
  });

  it("say kvm of a domain that KVM runs", async () => {
    const scratch = await mkdtemp(join(tmpdir(), "knvirt-kvm-image-"));
    const image = await haltingDiskImage(host, scratch);
    const before = await host.client.find(kubeVirts, host.settings);
    await useEmulation(false);
    try {
      await host.client.create(
        virtualMachineInstances,
        aVmi({
          name: "kvm",
          spec: {
            // A model that every KVM can give, also one that cannot run a whole Linux.
            domain: {
              cpu: { model: "kvm64" },
              memory: { guest: "32Mi" },
              devices: { autoattachPodInterface: false },
            },
            volumes: [{ name: "boot", containerDisk: { image } }],
          },
        }),
      );
      await runningVmi(host, "kvm");
      const [line] = await eventuallySeries("kubevirt_vmi_hypervisor_info", "kvm");
      expect(line).toContain('hypervisor="kvm"');
    } finally {
      await useEmulation(before?.spec?.configuration?.developerConfiguration?.useEmulation ?? false);
      await rm(scratch, { recursive: true });
    }
  });

  it("end with the instance", async () => {
    await removeVms(host, "measured");
    await eventuallyNoSeries("kubevirt_vmi_info", "measured");
  });
});
