// Nothing of ours is in the API server's path: with all of it gone, VMs are made, changed and deleted, and guests go on.
import { virtualMachines } from "@knvirt/api";
import { type Pod, pods } from "@knvirt/kubernetes";
import { buildersFor } from "../../support/builders.ts";
import { installNamespace } from "../../support/cluster-names.ts";
import { askGuest } from "../../support/console.ts";
import { eventually } from "../../support/eventually.ts";
import { sharedHost } from "../../support/shared-host.ts";
import { getVm, getVmi, removeVms, runningVmi } from "../../support/vms.ts";
import { attachCluster } from "../index.ts";
import { applyOverlay, untilReady } from "../overlay/install.ts";

const host = sharedHost();
const cluster = attachCluster();
const { aVm } = buildersFor(host);
const { client, namespace } = host;
const overlay = process.env.KNVIRT_TEST_OVERLAY ?? "knative";
const [steady, doomed, changed, made] = ["steady", "doomed", "changed", "made"];
const bootId = () => askGuest(host, steady, "cat /proc/sys/kernel/random/boot_id");

const functions: Record<string, string[]> = {
  knative: ["ksvc/knvirt-lifecycle", "deployment/knvirt-source"],
  "knative-broker": ["ksvc/knvirt-lifecycle"],
  controller: ["deployment/knvirt-controller"],
};
/** Workloads only: what the API server asks of us stays, and must not be needed. */
const workloads = [...(functions[overlay] ?? []), "deployment/knvirt-gateway", "daemonset/knvirt-executor"];

const isOurs = ({ metadata }: Pod): boolean =>
  workloads.some((workload) => metadata.name.startsWith(workload.split("/")[1] ?? ""));

afterAll(async () => {
  await applyOverlay(cluster, overlay);
  await removeVms(host, steady, doomed, changed, made);
});

it("everything catches up once it is started again", async () => {
  for (const name of [steady, doomed]) await client.create(virtualMachines, aVm({ name }));
  await client.create(virtualMachines, aVm({ name: changed, runStrategy: "Halted" }));
  for (const name of [steady, doomed]) await runningVmi(host, name);
  const booted = await bootId();
  const address = (await getVmi(host, steady))?.status?.interfaces?.[0]?.ipAddress;

  await cluster.kubectl(["-n", installNamespace, "delete", ...workloads, "--wait=true", "--timeout=90s"]);
  await eventually(async () => !(await client.list(pods, { namespace: installNamespace })).items.some(isOurs), {
    seconds: 120,
    what: "all our workloads are gone",
    evidence: () => host.evidence(),
  });
  try {
    await client.create(virtualMachines, aVm({ name: made }));
    await client.mergePatch(
      virtualMachines,
      { namespace, name: changed },
      { patch: { spec: { runStrategy: "Always" } } },
    );
    await client.delete(virtualMachines, { namespace, name: doomed });
    expect((await host.get(`http://${address}/`)).code).toBe(200);
  } finally {
    await applyOverlay(cluster, overlay);
    await untilReady(cluster);
  }

  // Nobody was told of anything meanwhile: the source sweeps when it begins.
  const settled = async () => {
    const running = await Promise.all([changed, made].map((name) => getVmi(host, name)));
    return running.every((vmi) => vmi?.status?.phase === "Running") && !(await getVm(host, doomed));
  };
  await eventually(settled, { seconds: 180, what: "all has caught up", evidence: () => host.evidence() });
  expect(await bootId()).toBe(booted);
}, 720_000);
