// Where an instance runs, what its pod gets of the node, and what its status says of both.
import { type VmiSpec, virtualMachineInstances } from "@knvirt/api";
import { ApiError, type Pod, pods } from "@knvirt/kubernetes";
import { buildersFor } from "../support/builders.ts";
import { openGuestConsole } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { sharedHost } from "../support/shared-host.ts";
import { getVmi, removeVms, runningVmi } from "../support/vms.ts";

const host = sharedHost();
const { client, namespace } = host;
const { aSpec, aVmi } = buildersFor(host);
const evidence = () => host.evidence();

afterAll(() => removeVms(host, "placed", "nowhere", "refused"));

const create = (name: string, change: Partial<VmiSpec>) =>
  client.create(virtualMachineInstances, aVmi({ name, spec: aSpec(change) }));
const podOf = async (name: string): Promise<Pod> => {
  const pod = await client.find(pods, { namespace, name: `virt-launcher-${name}` });
  if (!pod) throw new Error(`pod of ${name} is not there`);
  return pod;
};

const byHost = { topologyKey: "kubernetes.io/hostname" };
const linux = { key: "kubernetes.io/os", operator: "In" as const, values: ["linux"] };
const nameServer = "192.0.2.53";

describe("an instance with wishes about its node and its pod", () => {
  const spec = aSpec();
  const resources = { requests: { cpu: "100m", memory: "96Mi" }, overcommitGuestOverhead: true };

  beforeAll(async () => {
    const vmi = aVmi({
      name: "placed",
      spec: aSpec({
        domain: { ...spec.domain, resources },
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [linux] }] },
          },
        },
        tolerations: [{ key: "dedicated", operator: "Exists" }],
        topologySpreadConstraints: [{ ...byHost, maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway" }],
        subdomain: "shop",
        dnsPolicy: "None",
        dnsConfig: { nameservers: [nameServer], searches: ["example.org"] },
        evictionStrategy: "None",
        architecture: "amd64",
      }),
    });
    const labels = { app: "placed" };
    await client.create(virtualMachineInstances, { ...vmi, metadata: { ...vmi.metadata, labels } });
  });

  it("gives them to its pod", async () => {
    await runningVmi(host, "placed");
    const { metadata, spec: pod } = await podOf("placed");
    expect(metadata.labels).toMatchObject({ app: "placed", "vmi.kubevirt.io/id": "placed" });
    expect(pod.tolerations).toContainEqual({ key: "dedicated", operator: "Exists" });
    expect(pod).toMatchObject({ subdomain: "shop", hostname: "placed", dnsPolicy: "None" });
    expect(pod.containers[0]?.resources?.requests).toMatchObject({ cpu: "100m", memory: "96Mi" });
  });

  it("tells in its status where and how it runs", async () => {
    const { status } = await runningVmi(host, "placed");
    const pod = await podOf("placed");
    expect(status).toMatchObject({
      nodeName: pod.spec.nodeName,
      activePods: { [pod.metadata.uid ?? ""]: pod.spec.nodeName },
      qosClass: "Burstable",
      launcherContainerImageVersion: pod.spec.containers[0]?.image,
      runtimeUser: 107,
      currentCPUTopology: { sockets: 1, cores: 1, threads: 1 },
      memory: { guestAtBoot: "96Mi", guestCurrent: "96Mi", guestRequested: "96Mi" },
    });
    const phases = status?.phaseTransitionTimestamps?.map(({ phase }) => phase);
    expect(phases?.toSorted()).toEqual(["Pending", "Running", "Scheduled", "Scheduling"]);
  });

  it("tells its guest the name servers of its pod", async () => {
    const guest = await openGuestConsole(host.access, { namespace, name: "placed" });
    expect(await guest.run("cat /etc/resolv.conf")).toContain(nameServer);
    guest.close();
  });
});

describe("an instance that no node suits", () => {
  /** Of what nobody may have more than was asked for, the limit has to be said too. */
  const oneCard = { "example.com/card": "1" };
  const nowhere: [string, Partial<VmiSpec>, string][] = [
    [
      "by its affinity to nodes",
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ ...linux, values: ["plan9"] }] }],
            },
          },
        },
      },
      "node affinity",
    ],
    [
      "by its affinity to pods",
      {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { ...byHost, labelSelector: { matchLabels: { app: "none" } } },
            ],
          },
        },
      },
      "pod affinity",
    ],
    [
      "by resources",
      { domain: { ...aSpec().domain, resources: { requests: oneCard, limits: oneCard } } },
      "Insufficient example.com/card",
    ],
  ];

  afterEach(() => removeVms(host, "nowhere"));

  test.each(nowhere)("says so: %s", async (_what, change, names) => {
    await create("nowhere", change);
    await eventually(
      async () =>
        (await getVmi(host, "nowhere"))?.status?.conditions?.find(
          ({ type, status, message }) => type === "PodScheduled" && status === "False" && message?.includes(names),
        ),
      { what: `vmi nowhere says ${names}`, evidence },
    );
    expect((await getVmi(host, "nowhere"))?.status?.phase).toBe("Scheduling");
  });
});

describe("what cannot be had is refused", () => {
  const probe = { tcpSocket: { port: 1 } };
  test.each<{ what: string; change: object; names: string }>([
    {
      what: "an eviction strategy that migrates",
      change: { evictionStrategy: "LiveMigrate" },
      names: 'Unsupported value: "LiveMigrate"',
    },
    {
      what: "dedicated CPUs",
      change: { domain: { ...aSpec().domain, cpu: { dedicatedCpuPlacement: true } } },
      names: "dedicatedCpuPlacement",
    },
    { what: "another architecture", change: { architecture: "arm64" }, names: 'Unsupported value: "arm64"' },
    { what: "a probe that does not ask", change: { readinessProbe: {} }, names: "give one of exec, guestAgentPing" },
    {
      what: "a probe that asks in two ways",
      change: { livenessProbe: { ...probe, guestAgentPing: {} } },
      names: "give one of exec, guestAgentPing",
    },
    {
      what: "a probe over a network that the guest is not on",
      change: {
        livenessProbe: probe,
        networks: [],
        domain: { memory: { guest: "64Mi" }, devices: { autoattachPodInterface: false } },
      },
      names: "the guest is not on the pod network",
    },
    { what: "no name server at all", change: { dnsPolicy: "None" }, names: "give dnsConfig.nameservers" },
    { what: "a subdomain that is none", change: { subdomain: "Shop!" }, names: "spec.subdomain" },
  ])("$what", async ({ change, names }) => {
    const refusal = await create("refused", change as Partial<VmiSpec>).then(
      () => "it was accepted",
      (error: unknown) => (error instanceof ApiError ? error.message : Promise.reject(error)),
    );
    expect(refusal).toContain(names);
  });
});
