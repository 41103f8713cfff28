// Metrics of running instances, and of what runs them.
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubeVirts, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { aVm, aVmi } from "../support/builders.ts";
import { haltingDiskImage } from "../support/disk-image.ts";
import { eventually } from "../support/eventually.ts";
import { removeVms, runningVmi, sharedInstance } from "../support/instance.ts";

const cluster = sharedInstance();
const settings = { namespace: "knvirt", name: "knvirt" };
const { ports } = { ports: JSON.parse(readFileSync(join(cluster.dataDir, "ports.json"), "utf8")) };

interface Answer {
  code: number;
  text: string;
}

const scrape = (token = cluster.access.token?.()): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const call = request(
      {
        host: "127.0.0.1",
        port: ports.metrics,
        path: "/metrics",
        ca: cluster.access.ca,
        headers: token ? { authorization: `Bearer ${token}` } : {},
      },
      (answer) => {
        let text = "";
        answer.on("data", (chunk: Buffer) => {
          text += chunk;
        });
        answer.on("end", () => resolve({ code: answer.statusCode ?? 0, text }));
      },
    );
    call.on("error", reject).end();
  });

const series = async (metric: string, name: string): Promise<string[]> =>
  (await scrape()).text
    .split("\n")
    .filter((line) => line.startsWith(`${metric}{`) && line.includes(`name="${name}"`));

const eventuallySeries = (metric: string, name: string): Promise<string[]> =>
  eventually(
    async () => {
      const found = await series(metric, name);
      return found.length > 0 && found;
    },
    { seconds: 30, what: `${metric} of ${name}`, evidence: async () => (await scrape()).text },
  );

const useEmulation = (value: boolean) =>
  cluster.client.mergePatch(kubeVirts, settings, {
    patch: { spec: { configuration: { developerConfiguration: { useEmulation: value } } } },
  });

afterAll(() => removeVms(cluster, "measured", "kvm"));

describe("metrics", () => {
  it("ask for credentials", async () => {
    expect((await scrape("")).code).toBe(401);
    expect((await scrape("wrong")).code).toBe(401);
  });

  it("tell of each running instance under upstream's names", async () => {
    await cluster.client.create(virtualMachines, aVm({ name: "measured" }));
    await runningVmi(cluster, "measured");
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
      cluster.client.mergePatch(kubeVirts, settings, {
        patch: { spec: { configuration: { developerConfiguration: { disabledFeatureGates } } } },
      });
    await gates(["HypervisorInfoMetric"]);
    await eventually(async () => (await series("kubevirt_vmi_hypervisor_info", "measured")).length === 0, {
      what: "kubevirt_vmi_hypervisor_info is gone",
    });
    expect(await series("kubevirt_vmi_info", "measured")).toHaveLength(1);
    await gates(null);
    await eventuallySeries("kubevirt_vmi_hypervisor_info", "measured");
  });

  it("say kvm of a domain that KVM runs", async () => {
    const scratch = await mkdtemp(join(tmpdir(), "knvirt-kvm-image-"));
    const image = await haltingDiskImage(scratch);
    const before = await cluster.client.find(kubeVirts, settings);
    await useEmulation(false);
    try {
      await cluster.client.create(
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
      await runningVmi(cluster, "kvm");
      const [line] = await eventuallySeries("kubevirt_vmi_hypervisor_info", "kvm");
      expect(line).toContain('hypervisor="kvm"');
    } finally {
      await useEmulation(before?.spec?.configuration?.developerConfiguration?.useEmulation ?? false);
      await rm(scratch, { recursive: true });
    }
  });

  it("end with the instance", async () => {
    await removeVms(cluster, "measured");
    await eventually(async () => (await series("kubevirt_vmi_info", "measured")).length === 0, {
      what: "kubevirt_vmi_info of measured is gone",
    });
  });
});
