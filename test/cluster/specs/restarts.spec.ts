// What runs guests and what runs us may be restarted at any time: guests go on, and all is as before.
import { launcherPodName, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { ApiError, type KubernetesObject, nodes, type Pod, parseQuantity, pods, resource } from "@knvirt/kubernetes";
import { buildersFor } from "../../support/builders.ts";
import { installNamespace } from "../../support/cluster-names.ts";
import { askGuest } from "../../support/console.ts";
import { eventually } from "../../support/eventually.ts";
import { followPhases } from "../../support/phases.ts";
import { sharedHost } from "../../support/shared-host.ts";
import { getVmi, removeVms, runningVmi } from "../../support/vms.ts";
import { attachCluster } from "../index.ts";
import { applyOverlay } from "../overlay/install.ts";

const host = sharedHost();
const cluster = attachCluster();
const { aVm } = buildersFor(host);
const { client, namespace } = host;
const leases = resource<KubernetesObject & { spec: { renewTime?: string } }>("coordination.k8s.io/v1", "Lease");
const overlay = process.env.KNVIRT_TEST_OVERLAY ?? "knative";
const name = "steady";
const bootId = () => askGuest(host, name, "cat /proc/sys/kernel/random/boot_id");
/** Programs of nodes can be stopped where the nodes were made for the tests. */
const onOurNodes = cluster.nodes.length > 0 ? it : it.skip;

let booted: string;
let uid: string | undefined;
let nodeName: string;

beforeAll(async () => {
  await client.create(virtualMachines, aVm({ name }));
  const vmi = await runningVmi(host, name);
  uid = vmi.metadata.uid;
  nodeName = vmi.status?.nodeName ?? "";
  booted = await bootId();
});
afterAll(async () => {
  await applyOverlay(cluster, overlay);
  await removeVms(host, name, "later");
});

/** The same boot of the same instance, whose phase never was another. */
async function unnoticed(disturb: () => Promise<unknown>): Promise<void> {
  const phases = await followPhases(host, name);
  const boot = disturb().then(bootId);
  await Promise.allSettled([boot]);
  const seen = phases.end().join(", ");
  if (seen !== `Running ${uid}`)
    throw new Error(`vmi ${name} was ${seen}, expected to run on with uid ${uid}\n${await host.evidence()}`);
  expect(await boot).toBe(booted);
}

const isReady = ({ metadata, status }: Pod): boolean =>
  !metadata.deletionTimestamp &&
  (status?.conditions ?? []).some((one) => one.type === "Ready" && one.status === "True");

/** By its lease, which a kubelet renews every few seconds. */
async function renewedAt(node: string): Promise<number> {
  const lease = await client.find(leases, { namespace: "kube-node-lease", name: node });
  return Date.parse(lease?.spec.renewTime ?? "");
}

async function devicesOf(node: string): Promise<number> {
  const { status } = (await client.find(nodes, { name: node })) ?? {};
  return parseQuantity(status?.allocatable?.["devices.kubevirt.io/tun"] ?? "0");
}

/** An API server that has just been started says for some seconds that it does not know a kind yet. */
const created = (vmName: string) =>
  eventually(
    () =>
      client.create(virtualMachines, aVm({ name: vmName })).catch((error: unknown) => {
        if (error instanceof ApiError && error.code === 503) return undefined;
        throw error;
      }),
    { what: `vm ${vmName} is created`, evidence: () => host.evidence() },
  );

const newVmRuns = async () => {
  await created("later");
  await runningVmi(host, "later");
  await removeVms(host, "later");
};

describe("a guest goes on", () => {
  it("while the executor's pod on its node is deleted", () =>
    unnoticed(async () => {
      const selection = {
        namespace: installNamespace,
        labelSelector: "app.kubernetes.io/name=knvirt-executor",
        fieldSelector: `spec.nodeName=${nodeName}`,
      };
      const [first] = (await client.list(pods, selection)).items;
      await client.delete(pods, { namespace: installNamespace, name: first?.metadata.name ?? "" });
      await eventually(
        async () => {
          const { items } = await client.list(pods, selection);
          return items.some((pod) => pod.metadata.uid !== first?.metadata.uid && isReady(pod));
        },
        { what: "another executor is ready", evidence: () => host.evidence() },
      );
    }));

  it.each(["daemonset/knvirt-executor", "deployment/knvirt-gateway"])("while %s is rolled out anew", (workload) =>
    unnoticed(async () => {
      await cluster.kubectl(["-n", installNamespace, "rollout", "restart", workload]);
      await cluster.kubectl(["-n", installNamespace, "rollout", "status", workload, "--timeout=90s"]);
    }),
  );

  onOurNodes("while the kubelet is restarted, which offers the devices again", () =>
    unnoticed(async () => {
      const node = cluster.nodes.find((one) => one.name === nodeName);
      await node?.stop("kubelet");
      const stoppedAt = Date.now();
      await node?.start("kubelet");
      await eventually(async () => (await renewedAt(nodeName)) > stoppedAt, {
        what: `the kubelet of ${nodeName} reports again`,
        evidence: () => host.evidence(),
      });
      await newVmRuns();
      await eventually(async () => (await devicesOf(nodeName)) > 0, {
        what: `node ${nodeName} offers devices again`,
        evidence: () => host.evidence(),
      });
    }),
  );

  onOurNodes("while the API server is restarted, and new VMs come up after", () =>
    unnoticed(async () => {
      const [controlPlane] = cluster.nodes;
      await controlPlane?.stop("kube-apiserver");
      await controlPlane?.start("kube-apiserver");
      await newVmRuns();
    }),
  );
});

describe("a launcher pod that is deleted", () => {
  it("ends its guest in order, and the VM starts anew", async () => {
    const before = await runningVmi(host, name);
    const phases = await followPhases(host, name);
    await client.delete(pods, { namespace, name: launcherPodName(name) });

    const after = await runningVmi(host, name, before).finally(() => phases.end());

    expect(after.metadata.uid).not.toBe(before.metadata.uid);
    expect(phases.end()).toContainEqual(expect.stringMatching(`(Succeeded|Failed) ${before.metadata.uid}`));
    expect(await bootId()).not.toBe(booted);
    const { items } = await client.list(virtualMachineInstances, { namespace });
    expect(items.filter(({ metadata }) => metadata.name === name)).toHaveLength(1);
    expect((await getVmi(host, name))?.metadata.uid).toBe(after.metadata.uid);
  });
});
