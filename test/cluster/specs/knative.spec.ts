// The source of events and Knative's own pods may go away while VMs are made: what gets lost are hints, and every VM comes up all the same.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { virtualMachines } from "@knvirt/api";
import { isNotFound, pods } from "@knvirt/kubernetes";
import { buildersFor } from "../../support/builders.ts";
import { haltingDiskImage } from "../../support/disk-image.ts";
import { eventually } from "../../support/eventually.ts";
import { sharedHost } from "../../support/shared-host.ts";
import { getVmi, removeVms } from "../../support/vms.ts";

const host = sharedHost();
const { aVm } = buildersFor(host);
const { client } = host;
const overlay = process.env.KNVIRT_TEST_OVERLAY ?? "knative";
const names = Array.from({ length: 20 }, (_, index) => `storm${index}`);

const source =
  overlay === "knative-broker"
    ? "eventing.knative.dev/sourceName=knvirt-lifecycle"
    : "app.kubernetes.io/name=knvirt-source";

/** On the way of an event, in its order. */
const victims = [
  { namespace: "kubevirt", labelSelector: source },
  { namespace: "knative-serving", labelSelector: "app=activator" },
  { namespace: "knative-serving", labelSelector: "app=controller" },
  { namespace: "knative-eventing", labelSelector: "app=eventing-controller" },
  { namespace: "kourier-system", labelSelector: "app=3scale-kourier-gateway" },
  ...(overlay === "knative-broker"
    ? [
        { namespace: "knative-eventing", labelSelector: "app=mt-broker-ingress" },
        { namespace: "knative-eventing", labelSelector: "app=mt-broker-filter" },
        { namespace: "knative-eventing", labelSelector: "messaging.knative.dev/channel=in-memory-channel" },
      ]
    : []),
];

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "knvirt-storm-"));
});
afterAll(async () => {
  await rm(scratch, { recursive: true });
  await removeVms(host, ...names);
});

async function deletePods({ namespace, labelSelector }: (typeof victims)[number]): Promise<void> {
  const { items } = await client.list(pods, { namespace, labelSelector });
  expect({ labelSelector, found: items.length > 0 }).toEqual({ labelSelector, found: true });
  for (const { metadata } of items)
    await client
      .delete(pods, { namespace, name: metadata.name }, { gracePeriodSeconds: 0 })
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error; // it went by itself meanwhile
      });
}

it("20 VMs all run although Knative's pods are deleted while they are created", async () => {
  const image = await haltingDiskImage(host, scratch);
  const spec = {
    domain: {
      memory: { guest: "32Mi" },
      devices: { autoattachPodInterface: false, autoattachGraphicsDevice: false },
    },
    volumes: [{ name: "boot", containerDisk: { image, imagePullPolicy: "IfNotPresent" as const } }],
    terminationGracePeriodSeconds: 0,
  };
  const every = Math.ceil(names.length / victims.length);
  for (const [index, name] of names.entries()) {
    await client.create(virtualMachines, aVm({ name, spec }));
    const victim = index % every === 0 ? victims[index / every] : undefined;
    if (victim) await deletePods(victim);
  }
  const missing = async () => {
    const found = await Promise.all(names.map((name) => getVmi(host, name)));
    return names.filter((_, index) => found[index]?.status?.phase !== "Running");
  };
  await eventually(async () => (await missing()).length === 0, {
    seconds: 400,
    what: "all 20 VMs run",
    evidence: async () => `not running: ${await missing()}\n${await host.evidence()}`,
  });
});
