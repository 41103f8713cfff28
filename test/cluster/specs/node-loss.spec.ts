// A node that is lost: told of its VMs, and once it is really gone they run elsewhere, never two at once.
import { virtualMachines } from "@knvirt/api";
import { nodes, pods } from "@knvirt/kubernetes";
import { signalIfThere } from "@knvirt/tools";
import { buildersFor } from "../../support/builders.ts";
import { installNamespace } from "../../support/cluster-names.ts";
import { eventually } from "../../support/eventually.ts";
import { podUidOf, processesIn, programOf } from "../../support/processes.ts";
import { sharedHost } from "../../support/shared-host.ts";
import { getVmi, removeVms, runningVmi } from "../../support/vms.ts";
import { attachCluster } from "../index.ts";

const host = sharedHost();
const cluster = attachCluster();
const { aSpec, aVm } = buildersFor(host);
const { client } = host;
const name = "bereft";
const place = "knvirt-test/place";
const [survivor, lost] = cluster.nodes;

const isReady = async (node: string): Promise<boolean> => {
  const conditions = (await client.find(nodes, { name: node }))?.status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
};
const mark = (node: string, value: string | null) =>
  client.mergePatch(nodes, { name: node }, { patch: { metadata: { labels: { [place]: value } } } });
const kill = (cgroupPart: string) => {
  for (const pid of processesIn(cgroupPart)) signalIfThere(pid, "SIGKILL");
};

/** As pulling the plug: nothing starts again what is killed. */
async function lose(): Promise<void> {
  await lost?.stop("kubelet");
  const { items } = await client.list(pods, {
    namespace: installNamespace,
    labelSelector: "app.kubernetes.io/name=knvirt-executor",
    fieldSelector: `spec.nodeName=${lost?.name}`,
  });
  for (const { metadata } of items) kill(`pod${metadata.uid}`);
}

afterAll(async () => {
  if (!survivor || !lost) return;
  await lost.start("kubelet");
  await eventually(() => isReady(lost.name), { seconds: 90, what: `node ${lost.name} is back` });
  await mark(survivor.name, null);
  await removeVms(host, name);
});

(lost ? it : it.skip)(
  "its VM with Always runs elsewhere after the Node was deleted (skipped on a cluster of one node)",
  async () => {
    if (!survivor || !lost) return;
    await mark(lost.name, "here");
    await client.create(virtualMachines, aVm({ name, spec: aSpec({ nodeSelector: { [place]: "here" } }) }));
    const first = await runningVmi(host, name);
    const podUid = await podUidOf(host, name);
    await mark(survivor.name, "here");

    await lose();

    // Functions that were on that node, or about to be, are not moved before Kubernetes' five minutes are over.
    await eventually(
      async () => {
        const ready = (await getVmi(host, name))?.status?.conditions?.find(({ type }) => type === "Ready");
        return ready?.status !== "True";
      },
      { seconds: 480, what: `vmi ${name} is told as not ready`, evidence: () => host.evidence() },
    );
    // Its guest may go on where nobody sees it, so nothing else may run until an administrator says that it is gone.
    expect(processesIn(`pod${podUid}`).map(programOf)).toContain("qemu-system-x86_64");
    expect((await getVmi(host, name))?.metadata.uid).toBe(first.metadata.uid);

    kill(`pod${podUid}`);
    await client.delete(nodes, { name: lost.name });

    const second = await eventually(
      async () => {
        const vmi = await getVmi(host, name);
        return vmi?.status?.phase === "Running" && vmi.metadata.uid !== first.metadata.uid && vmi;
      },
      { seconds: 240, what: `vmi ${name} runs elsewhere`, evidence: () => host.evidence() },
    );
    expect(second.status?.nodeName).toBe(survivor.name);
  },
  1_200_000,
);
