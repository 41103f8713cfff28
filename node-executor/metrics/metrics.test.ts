import { describe, expect, it, test } from "@jest/globals";
import type { KubeVirt, VirtualMachineInstance } from "@knvirt/api";
import { DomainPhase, type DomainState, type StatsReply } from "@knvirt/proto";
import { fc } from "../../test/support/property.ts";
import { aDomain, aPod, aVmi, node } from "../testing/objects.ts";
import { exposition, type MetricSources } from "./collect.ts";
import { metricsOf } from "./index.ts";
import { samples } from "./samples.ts";

/** What libvirt 9 told of a guest with two processors, a tap and a disk. */
const stats: StatsReply = {
  sampledAtMs: 0,
  numbers: {
    "state.state": 1,
    "cpu.time": 2 ** 60,
    "cpu.user": 1_500_000_000,
    "cpu.system": 250_000_001,
    "balloon.current": 65536,
    "balloon.maximum": 65536,
    "balloon.rss": 40960,
    "balloon.unused": 1,
    "balloon.swap_in": 0,
    "balloon.major_fault": 7,
    "vcpu.current": 2,
    "vcpu.maximum": 2,
    "vcpu.0.state": 1,
    "vcpu.0.time": 3_000_000_000,
    "vcpu.0.wait": 0,
    "vcpu.0.delay": 5_000_000,
    "vcpu.1.state": 2,
    "vcpu.1.time": 1_000_000_000,
    "net.count": 1,
    "net.0.rx.bytes": 100,
    "net.0.tx.bytes": 200,
    "net.0.rx.pkts": 1,
    "block.count": 1,
    "block.0.rd.reqs": 12,
    "block.0.rd.times": 2_000_000_000,
  },
  texts: { "net.0.name": "tap0", "block.0.name": "vda" },
};

const web = aVmi({ status: { phase: "Running", nodeName: node } });
interface Given {
  vmis?: VirtualMachineInstance[];
  domain?: DomainState | undefined;
  reply?: () => Promise<StatsReply>;
  settings?: KubeVirt;
  hasPod?: boolean;
}

async function scrape({ vmis = [web], reply = async () => stats, settings, hasPod = true, ...given }: Given = {}) {
  const domain = "domain" in given ? given.domain : aDomain();
  const sources: MetricSources = {
    node,
    vmis: () => vmis,
    settings: () => settings,
    samples: samples({ onError: () => undefined }),
    lifecycle: () => ({ fates: { sent: 3, refused: 0, failed: 0, dropped: 1 }, waiting: 2 }),
    launcherOf: ({ name }) => (hasPod ? { pod: aPod(), podUid: name, domain, stats: reply } : undefined),
  };
  const text = await exposition(metricsOf("v0.1.0"), sources);
  return text.split("\n").filter((line) => line !== "");
}

const seriesOf = (lines: string[]): string[] => lines.filter((line) => !line.startsWith("#"));
const of = (lines: string[], name: string): string[] => lines.filter((line) => line.startsWith(`${name}{`));
const base = `node="${node}",namespace="default",name="web"`;

test.each([
  ["cpu_usage_seconds_total", [`{${base}} ${2 ** 60 / 1e9}`]],
  ["cpu_user_usage_seconds_total", [`{${base}} 1.5`]],
  ["cpu_system_usage_seconds_total", [`{${base}} 0.250000001`]],
  ["vcpu_seconds_total", [`{state="running",id="0",${base}} 3`, `{state="blocked",id="1",${base}} 1`]],
  ["vcpu_wait_seconds_total", [`{id="0",${base}} 0`]],
  ["vcpu_delay_seconds_total", [`{id="0",${base}} 0.005`]],
  ["memory_resident_bytes", [`{${base}} 41943040`]],
  ["memory_unused_bytes", [`{${base}} 1024`]],
  ["memory_available_bytes", []],
  ["memory_swap_in_traffic_bytes", [`{${base}} 0`]],
  ["memory_actual_balloon_bytes", [`{${base}} 67108864`]],
  ["memory_domain_bytes", [`{${base}} 67108864`]],
  ["memory_pgmajfault_total", [`{${base}} 7`]],
  ["network_receive_bytes_total", [`{interface="default",${base}} 100`]],
  ["network_transmit_bytes_total", [`{interface="default",${base}} 200`]],
  [
    "network_traffic_bytes_total",
    [`{type="rx",interface="default",${base}} 100`, `{type="tx",interface="default",${base}} 200`],
  ],
  ["network_transmit_errors_total", []],
  ["storage_iops_read_total", [`{drive="scratch",${base}} 12`]],
  ["storage_read_times_seconds_total", [`{drive="scratch",${base}} 2`]],
  [
    "phase_count",
    [
      `{node="${node}",phase="running",os="<none>",workload="<none>",flavor="<none>",instance_type="<none>",` +
        'preference="<none>",guest_os_kernel_release="<none>",guest_os_machine="<none>",guest_os_arch="<none>",' +
        'guest_os_name="<none>",guest_os_version_id="<none>"} 1',
    ],
  ],
])("kubevirt_vmi_%s is %j", async (name, want) => {
  const full = `kubevirt_vmi_${name}`;
  expect(of(await scrape(), full)).toEqual(want.map((series) => full + series));
});

describe("all metrics", () => {
  it("have a help text and a type, and no series twice", async () => {
    const lines = await scrape({ vmis: [web, aVmi({ ...web, metadata: { ...web.metadata, name: "db" } })] });
    const series = seriesOf(lines).map((line) => line.replace(/ \S+$/, ""));
    expect(new Set(series).size).toBe(series.length);
    const names = new Set(series.map((line) => line.split("{")[0]));
    for (const name of names) {
      expect(lines.filter((line) => line.startsWith(`# HELP ${name} `))).toHaveLength(1);
      expect(lines.filter((line) => line.startsWith(`# TYPE ${name} `))).toHaveLength(1);
    }
  });

  it("have no empty label, and one of two instance labels that become the same", async () => {
    const labels = { "app.io/part-of": "shop", "app.io/part.of": "other", empty: "" };
    const lines = await scrape({ vmis: [aVmi({ ...web, metadata: { ...web.metadata, labels } })] });
    expect(of(lines, "kubevirt_vmi_memory_resident_bytes")).toEqual([
      `kubevirt_vmi_memory_resident_bytes{${base},kubernetes_vmi_label_app_io_part_of="shop"} 41943040`,
    ]);
    expect(lines.filter((line) => line.includes('=""'))).toEqual([]);
  });

  it("declare every label that they carry", async () => {
    const lines = await scrape();
    for (const { name, labelNames } of metricsOf("v0.1.0"))
      for (const line of of(lines, name)) {
        const carried = [...line.matchAll(/[{,]([a-z_]+)="/g)].map(([, label]) => label);
        expect([name, carried.toSorted()]).toEqual([name, labelNames.toSorted()]);
      }
  });

  it("leave out a guest whose launcher fails, and keep the others", async () => {
    let calls = 0;
    const reply = async () => {
      calls += 1;
      if (calls === 1) throw new Error("gone");
      return stats;
    };
    const lines = await scrape({ vmis: [web, aVmi({ ...web, metadata: { ...web.metadata, name: "db" } })], reply });
    expect(of(lines, "kubevirt_vmi_memory_resident_bytes")).toHaveLength(1);
    expect(of(lines, "kubevirt_vmi_info")).toHaveLength(2);
  });
});

it("shows a thousand guests, one series each", async () => {
  const names = Array.from({ length: 1_000 }, (_, n) => `vm-${n}`);
  const lines = await scrape({ vmis: names.map((name) => aVmi({ ...web, metadata: { ...web.metadata, name } })) });
  for (const metric of ["kubevirt_vmi_hypervisor_info", "kubevirt_vmi_cpu_usage_seconds_total"])
    expect(of(lines, metric)).toHaveLength(1_000);
});

it("prints no device whose name is longer than any name", async () => {
  const long = { ...stats, texts: { ...stats.texts, "net.0.name": "x".repeat(1_000_000) } };
  expect((await scrape({ reply: async () => long })).join("").length).toBeLessThan(50_000);
});

describe("kubevirt_vmi_hypervisor_info", () => {
  const name = "kubevirt_vmi_hypervisor_info";
  const gate = (field: "featureGates" | "disabledFeatureGates"): KubeVirt => ({
    apiVersion: "kubevirt.io/v1",
    kind: "KubeVirt",
    metadata: { namespace: "kubevirt", name: "kubevirt" },
    spec: { configuration: { developerConfiguration: { [field]: ["HypervisorInfoMetric"] } } },
  });
  const want = (hypervisor: string): string[] => [`${name}{${base},hypervisor="${hypervisor}"} 1`];

  test.each([
    { when: "the domain has type kvm", given: { domain: aDomain({ domainType: "kvm" }) }, series: want("kvm") },
    { when: "the domain has type qemu", given: {}, series: want("qemu-tcg") },
    {
      when: "the type is another one",
      given: { domain: aDomain({ domainType: "hyperv" }) },
      series: want("unknown"),
    },
    { when: "the XML could not be read", given: { domain: aDomain({ domainType: "" }) }, series: want("unknown") },
    { when: "the launcher has not been heard yet", given: { domain: undefined }, series: want("unknown") },
    {
      when: "the instance does not run yet",
      given: { vmis: [aVmi({ status: { phase: "Scheduled" } })] },
      series: [],
    },
    { when: "the instance has ended", given: { vmis: [aVmi({ status: { phase: "Succeeded" } })] }, series: [] },
    { when: "the pod is gone before the status says so", given: { hasPod: false }, series: [] },
    {
      when: "the guest is off before the status says so",
      given: { domain: aDomain({ phase: DomainPhase.DOMAIN_PHASE_SHUTOFF }) },
      series: [],
    },
    { when: "the gate is on", given: { settings: gate("featureGates") }, series: want("qemu-tcg") },
  ])("when $when: $series", async ({ given, series }) => {
    expect(of(await scrape(given), name)).toEqual(series);
  });

  it("has three values and no fourth, whatever a launcher says", async () => {
    const types = fc.oneof(fc.string(), fc.constantFrom("kvm", "qemu", "KVM", "xen", "constructor", "__proto__"));
    await fc.assert(
      fc.asyncProperty(types, async (domainType) => {
        const expected = { kvm: "kvm", qemu: "qemu-tcg" }[domainType as "kvm" | "qemu"];
        const isKnown = domainType === "kvm" || domainType === "qemu";
        const lines = of(await scrape({ domain: aDomain({ domainType }) }), name);
        expect(lines).toEqual(want(isKnown ? String(expected) : "unknown"));
      }),
    );
  });

  test.each(["Pending", "Scheduling", "Scheduled", "Succeeded", "Failed", "Unknown", undefined] as const)(
    "has no series in phase %s",
    async (phase) => {
      const vmi = aVmi({ status: { ...(phase && { phase }), nodeName: node } });
      expect(of(await scrape({ vmis: [vmi] }), name)).toEqual([]);
    },
  );

  it("tells what the domain is, not what the spec asks for", async () => {
    const wantsKvm = aVmi({
      ...web,
      spec: { ...web.spec, domain: { ...web.spec.domain, cpu: { model: "host-model" } } },
    });
    expect(of(await scrape({ vmis: [wantsKvm] }), name)).toEqual(want("qemu-tcg"));
  });

  it("stays, and so does all else, when a launcher gives no figures", async () => {
    const lines = await scrape({ reply: () => Promise.reject(new Error("libvirt is gone")) });
    expect(of(lines, name)).toEqual(want("qemu-tcg"));
    expect(of(lines, "kubevirt_vmi_info")).toHaveLength(1);
    expect(lines.some((line) => line.startsWith("kubevirt_info{"))).toBe(true);
  });

  it("names a guest by nothing but node, namespace and name", async () => {
    const labels = { password: "secret" };
    const [line = ""] = of(await scrape({ vmis: [aVmi({ ...web, metadata: { ...web.metadata, labels } })] }), name);
    expect([...line.matchAll(/(\w+)=/g)].map(([, label]) => label)).toEqual([
      ...["node", "namespace", "name", "hypervisor"],
    ]);
  });

  it("is absent, and nothing else is, when its gate is off", async () => {
    const [on, off] = [await scrape(), await scrape({ settings: gate("disabledFeatureGates") })];
    expect(off).toEqual(on.filter((line) => !line.includes(name)));
  });
});
