// What the API server itself refuses to users, and adds to what they make: rules of config/base/policies, tried on a
// real one.
import { kubeVirts, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { pathOf, pods, type Resource } from "@knvirt/kubernetes";
import { buildersFor } from "../../support/builders.ts";
import { attempt, serviceAccount } from "../../support/impersonation.ts";
import { sharedHost } from "../../support/shared-host.ts";
import { expectOutcomeOn } from "./outcome.ts";

const host = sharedHost();
const { aVm, aVmi } = buildersFor(host);
const { access, namespace } = host;
const expectOutcome = expectOutcomeOn(access);

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

describe("an instance", () => {
  const labelled = (labels: Record<string, string>) => {
    const vmi = aVmi({ name: "policed-labels" });
    return { ...vmi, metadata: { ...vmi.metadata, labels } };
  };

  test.each([
    {
      when: "a user sets the node of an instance",
      labels: { "kubevirt.io/nodeName": "other" },
      refused: (): string =>
        "metadata.labels[kubevirt.io/nodeName] is not to be set by users: found other, expected none",
    },
    { when: "a user sets a label of his own", labels: { app: "web" } },
    {
      when: "a function sets the node of an instance",
      labels: { "kubevirt.io/nodeName": "other" },
      as: () => serviceAccount("knvirt-lifecycle"),
    },
  ])("when $when", ({ labels, ...row }) =>
    expectOutcome(row, {
      method: "POST",
      path: pathOf(virtualMachineInstances, { namespace }),
      body: labelled(labels),
    }),
  );
});

test("whoever writes a deprecated field is told what to write instead", async () => {
  const { runStrategy: _, ...spec } = aVm().spec;
  const body = { ...aVm({ name: "policed-running" }), spec: { ...spec, running: true } };
  const { code, warning } = await attempt(access, {
    method: "POST",
    path: pathOf(virtualMachines, { namespace }),
    body,
  });
  expect({ code, warning }).toEqual({
    code: 201,
    warning: expect.stringContaining("spec.running is deprecated: found true, expected spec.runStrategy Always"),
  });
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
