// What the API server itself refuses to node executors: their rules of config/base/policies, tried on a real one.
import { virtualMachineInstances } from "@knvirt/api";
import { events, nodes, pathOf } from "@knvirt/kubernetes";
import { buildersFor } from "../../support/builders.ts";
import { type Identity, serviceAccount } from "../../support/impersonation.ts";
import { sharedHost } from "../../support/shared-host.ts";
import { removeVms } from "../../support/vms.ts";
import { expectOutcomeOn } from "./outcome.ts";

const host = sharedHost();
const { aSpec, aVmi } = buildersFor(host);
const { access, client, namespace } = host;
const expectOutcome = expectOutcomeOn(access);
const name = "policed";
const key = { namespace, name };
let node: string;

beforeAll(async () => {
  node = (await client.list(nodes)).items[0]?.metadata.name ?? "";
  const spec = aSpec({ nodeSelector: { "knvirt.dev/nowhere": "yes" } });
  await client.create(virtualMachineInstances, aVmi({ name, spec }));
});
afterAll(() => removeVms(host, name));

const elsewhere = "elsewhere";
const executor = (on: string): Identity => serviceAccount("knvirt-executor", { node: on });

describe("the status of an instance", () => {
  const patchStatus = (status: object) => ({
    method: "PATCH" as const,
    path: pathOf(virtualMachineInstances, key, "status"),
    body: { status },
  });
  const placedOn = (nodeName: string | null) =>
    client.mergePatch(virtualMachineInstances, key, { patch: { status: { nodeName } }, subresource: "status" });

  test.each([
    {
      when: "takes one that no node has yet",
      before: () => null,
      status: () => ({ nodeName: node }),
      as: () => executor(node),
      refused: (): string => `status.nodeName is another node's: found none, expected ${node}`,
    },
    {
      when: "writes on its own node",
      before: () => node,
      status: () => ({ phase: "Running" }),
      as: () => executor(node),
    },
    {
      when: "writes what another node runs",
      before: () => node,
      status: () => ({ phase: "Failed" }),
      as: () => executor(elsewhere),
      refused: (): string => `status.nodeName is another node's: found ${node}, expected ${elsewhere}`,
    },
    {
      when: "takes it over from another node",
      before: () => node,
      status: () => ({ nodeName: elsewhere }),
      as: () => executor(elsewhere),
      refused: (): string => `status.nodeName is another node's: found ${node}, expected ${elsewhere}`,
    },
    {
      when: "gives it to another node",
      before: () => node,
      status: () => ({ nodeName: elsewhere }),
      as: () => executor(node),
      refused: (): string => `status.nodeName cannot be given away: found ${elsewhere}, expected ${node}`,
    },
    {
      when: "lets go of it",
      before: () => node,
      status: () => ({ nodeName: null }),
      as: () => executor(node),
      refused: (): string => `status.nodeName cannot be given away: found none, expected ${node}`,
    },
    {
      when: "writes before it is said where it runs",
      before: () => null,
      status: () => ({ phase: "Running" }),
      as: () => executor(node),
      refused: (): string => `status.nodeName is another node's: found none, expected ${node}`,
    },
    {
      when: "has a token that no pod stands behind",
      before: () => node,
      status: () => ({ phase: "Running" }),
      as: () => serviceAccount("knvirt-executor"),
      refused: (): string => "userInfo.extra[authentication.kubernetes.io/node-name] is missing",
    },
    {
      when: "is written by the functions",
      before: () => node,
      status: () => ({ phase: "Failed" }),
      as: () => serviceAccount("knvirt-lifecycle", { node: elsewhere }),
    },
  ])("when an executor $when", async ({ before, status, ...row }) => {
    await placedOn(before());
    await expectOutcome(row, patchStatus(status()));
  });
});

describe("a node", () => {
  const patchNode = (body: object) => ({ method: "PATCH" as const, path: pathOf(nodes, { name: node }), body });
  const labels = (of: Record<string, string | null>) => ({ metadata: { labels: of } });

  test.each([
    { when: "tells that VMs can be placed on it", body: labels({ "kubevirt.io/schedulable": "false" }) },
    { when: "tells of its processor", body: labels({ "cpu-feature.node.kubevirt.io/aes": "true" }) },
    {
      when: "tells its certificate and heartbeat",
      body: { metadata: { annotations: { "knvirt.dev/executor-certificate": "-", "kubevirt.io/heartbeat": "-" } } },
    },
    {
      when: "is another one",
      body: labels({ "kubevirt.io/schedulable": "false" }),
      on: elsewhere,
      refused: (): string => `metadata.name is another node's: found ${node}, expected ${elsewhere}`,
    },
    {
      when: "gets a role",
      body: labels({ "node-role.kubernetes.io/storage": "" }),
      refused: (): string =>
        "metadata.labels are not all the executor's: found a change of node-role.kubernetes.io/storage, expected keys of kubevirt.io only",
    },
    {
      when: "loses a label of others",
      body: labels({ "kubernetes.io/os": null }),
      refused: (): string => "metadata.labels are not all the executor's: found a change of kubernetes.io/os,",
    },
    {
      when: "has a label of others changed, by a name that only looks like ours",
      body: labels({ "notkubevirt.io/tier": "gold" }),
      refused: (): string => "metadata.labels are not all the executor's: found a change of notkubevirt.io/tier,",
    },
    {
      when: "gets an annotation of others",
      body: { metadata: { annotations: { "example.org/owner": "me" } } },
      refused: (): string => "metadata.annotations are not all the executor's: found a change of example.org/owner,",
    },
    {
      when: "is cordoned",
      body: { spec: { unschedulable: true } },
      refused: (): string => "spec and status are not the executor's: found a change, expected one of metadata only",
    },
    {
      when: "gets a finalizer",
      body: { metadata: { finalizers: ["example.org/kept"] } },
      refused: (): string =>
        "metadata.finalizers and ownerReferences are not the executor's: found a change, expected none",
    },
  ])("when its executor writes and it $when", ({ body, on, ...row }) =>
    expectOutcome({ ...row, as: () => executor(on ?? node) }, patchNode(body)),
  );
});

test.each([
  { when: "in its own name", from: (): string => node },
  {
    when: "in the name of another",
    from: (): string => elsewhere,
    refused: (): string => `reportingInstance is another node's: found ${elsewhere}, expected ${node}`,
  },
])("an executor tells an event $when", ({ from, ...row }) =>
  expectOutcome(
    { ...row, as: () => executor(node) },
    {
      method: "POST",
      path: pathOf(events, { namespace }),
      body: {
        metadata: { namespace, name: "policed.1" },
        involvedObject: { apiVersion: "kubevirt.io/v1", kind: "VirtualMachineInstance", namespace, name },
        type: "Normal",
        reason: "Tried",
        reportingComponent: "knvirt-executor",
        reportingInstance: from(),
      },
    },
  ),
);
