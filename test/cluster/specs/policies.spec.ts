// What the API server itself refuses, and to whom: every rule of config/base/policies, tried on a real one.
import { kubeVirts, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { events, nodes, pathOf, pods, type Resource } from "@knvirt/kubernetes";
import { buildersFor } from "../../support/builders.ts";
import { attempt, type Identity, serviceAccount } from "../../support/impersonation.ts";
import { sharedHost } from "../../support/shared-host.ts";
import { removeVms } from "../../support/vms.ts";

const host = sharedHost();
const { aSpec, aVm, aVmi } = buildersFor(host);
const { access, client, namespace } = host;
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

interface Row {
  when: string;
  as?: () => Identity;
  /** Undefined when it is to be let through. */
  refused?: () => string;
}

async function expectOutcome({ as, refused }: Row, what: Omit<Parameters<typeof attempt>[1], "as">) {
  const { code, body } = await attempt(access, { ...what, as: as?.() });
  if (!refused) return expect({ code, message: body.message }).toMatchObject({ message: undefined });
  expect({ code, message: body.message }).toEqual({ code: 422, message: expect.stringContaining(refused()) });
}

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

describe("a pod", () => {
  const aPod = (labels: Record<string, string>) => ({
    metadata: { namespace, name: "policed", labels },
    spec: {
      securityContext: { runAsNonRoot: true, runAsUser: 107, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "compute",
          image: host.guestImage,
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  });
  const launcher = { "kubevirt.io": "virt-launcher", "kubevirt.io/created-by": "1" };

  test.each([
    {
      when: "a user makes a launcher",
      labels: launcher,
      refused: (): string =>
        "metadata.labels[kubevirt.io] is not to be set by users: found virt-launcher, expected none",
    },
    { when: "a user makes another pod", labels: { app: "web" } },
    { when: "a function makes a launcher", labels: launcher, as: () => serviceAccount("knvirt-lifecycle") },
  ])("when $when", ({ labels, ...row }) =>
    expectOutcome(row, { method: "POST", path: pathOf(pods, { namespace }), body: aPod(labels) }),
  );
});

test.each([
  {
    when: "beside the one that there may be",
    place: { namespace: "kubevirt", name: "another" },
    refused: (): string =>
      "metadata.name is not that of the settings: found kubevirt/another, expected kubevirt/kubevirt",
  },
  {
    when: "in another namespace",
    place: { namespace, name: "kubevirt" },
    refused: (): string =>
      `metadata.name is not that of the settings: found ${namespace}/kubevirt, expected kubevirt/kubevirt`,
  },
])("settings $when are refused", ({ place, ...row }) =>
  expectOutcome(row, {
    method: "POST",
    path: pathOf(kubeVirts, { namespace: place.namespace }),
    body: { apiVersion: kubeVirts.apiVersion, kind: kubeVirts.kind, metadata: place },
  }),
);

describe("what holds an object back when it is deleted", () => {
  const created = async (of: Resource, object: { metadata: object }) =>
    (await attempt(access, { method: "POST", path: pathOf(of, { namespace }), body: object })).body.metadata
      ?.finalizers;
  const withFinalizers = <T extends { metadata: object }>(object: T, finalizers: string[]) => ({
    ...object,
    metadata: { ...object.metadata, finalizers },
  });

  test.each([
    {
      when: "an instance has it from the start",
      object: () => aVmi({ name: "policed-too" }),
      of: virtualMachineInstances,
      want: ["kubevirt.io/foregroundDeleteVirtualMachine"],
    },
    {
      when: "a VM has it from the start",
      object: () => aVm({ name: "policed-too" }),
      of: virtualMachines,
      want: ["kubevirt.io/virtualMachineControllerFinalize"],
    },
    {
      when: "the user's own stay",
      object: () => withFinalizers(aVmi({ name: "policed-too" }), ["example.org/kept"]),
      of: virtualMachineInstances,
      want: ["example.org/kept", "kubevirt.io/foregroundDeleteVirtualMachine"],
    },
    {
      when: "it is there once",
      object: () => withFinalizers(aVmi({ name: "policed-too" }), ["kubevirt.io/foregroundDeleteVirtualMachine"]),
      of: virtualMachineInstances,
      want: ["kubevirt.io/foregroundDeleteVirtualMachine"],
    },
  ])("$when", async ({ object, of, want }) => expect(await created(of as Resource, object())).toEqual(want));
});
