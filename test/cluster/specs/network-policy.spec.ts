// A NetworkPolicy holds for a guest exactly where it holds for any pod: whether it does is the cluster's network's part.
import { virtualMachines } from "@knvirt/api";
import { connectClient, resource } from "@knvirt/kubernetes";
import { buildersFor } from "../../support/builders.ts";
import { clusterRelay } from "../../support/cluster-relay.ts";
import { eventually } from "../../support/eventually.ts";
import { sharedHost } from "../../support/shared-host.ts";
import { removeVms, runningVmi } from "../../support/vms.ts";

const host = sharedHost();
const { aVm } = buildersFor(host);
const { client, namespace } = host;
const policies = resource("networking.k8s.io/v1", "NetworkPolicy", { plural: "networkpolicies" });
const name = "walled";
const pod = clusterRelay(connectClient(host.access, "knvirt-test"), "walled-pod");

/** Once of three times is enough: an answer may be late where nothing is in its way, and no policy lets one through. */
async function isReached(url: string): Promise<boolean> {
  for (let asked = 0; asked < 3; asked += 1) if (await host.get(url).catch(() => undefined)) return true;
  return false;
}

let urls: { guest: string; pod: string };

beforeAll(async () => {
  await client.create(virtualMachines, aVm({ name }));
  const vmi = await runningVmi(host, name);
  urls = { guest: `http://${vmi.status?.interfaces?.[0]?.ipAddress}/`, pod: await pod.url() };
  for (const url of Object.values(urls))
    await eventually(() => isReached(url), { what: `${url} answers`, evidence: () => host.evidence() });
});

afterAll(async () => {
  await client.delete(policies, { namespace, name });
  await removeVms(host, name);
});

it("that lets nobody in shuts the guest off as it shuts off a pod", async () => {
  await client.create(policies, {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: {
      podSelector: { matchExpressions: [{ key: "app", operator: "In", values: [name, "walled-pod"] }] },
      policyTypes: ["Ingress"],
      ingress: [],
    },
  } as never);
  const isEnforced = await eventually(async () => !(await isReached(urls.pod)), {
    seconds: 10,
    what: "the policy holds for a pod",
  }).catch(() => false);
  process.stderr.write(
    `network policies are ${isEnforced ? "enforced" : "not enforced"} by this cluster's network\n`,
  );

  await eventually(async () => (await isReached(urls.guest)) === !isEnforced, {
    seconds: 60,
    what: `the guest is ${isEnforced ? "shut off" : "reached"} as the pod is`,
    evidence: () => host.evidence(),
  });
});
