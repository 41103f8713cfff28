// A node executor, taken over by who broke out of a guest, can do harm on its own node only: tried with its own token.
import { virtualMachineInstances } from "@knvirt/api";
import { type Client, type Key, type Node, nodes, pods, secrets } from "@knvirt/kubernetes";
import { buildersFor } from "../../support/builders.ts";
import { sharedHost } from "../../support/shared-host.ts";
import { removeVms, runningVmi } from "../../support/vms.ts";
import { intruderOn } from "./intruder.ts";

const host = sharedHost();
const { aSpec, aVmi } = buildersFor(host);
const { client, namespace } = host;
const policy = "knvirt-executor-own-node";
const elsewhere = "elsewhere";
const annotated = (value: string | null) => ({ patch: { metadata: { annotations: { "knvirt.dev/tried": value } } } });
let intruder: Client;
let ownNode: string;

const key = (name: string): Key => ({ namespace, name });

beforeAll(async () => {
  await client.create(virtualMachineInstances, aVmi({ name: "here" }));
  ownNode = (await runningVmi(host, "here")).status?.nodeName ?? "";
  intruder = await intruderOn(ownNode, client, host.access);
  await client.create<Node>(nodes, { apiVersion: "v1", kind: "Node", metadata: { name: elsewhere } });
  const spec = aSpec({ nodeSelector: { "knvirt.dev/nowhere": "yes" } });
  await client.create(virtualMachineInstances, aVmi({ name: "there", spec }));
  const patch = { status: { nodeName: elsewhere } };
  await client.mergePatch(virtualMachineInstances, key("there"), { patch, subresource: "status" });
});

afterAll(async () => {
  intruder?.close();
  await client.delete(nodes, { name: elsewhere });
  await client.mergePatch(nodes, { name: ownNode }, annotated(null));
  await removeVms(host, "here", "there");
});

const writeStatus = (name: string) => {
  const patch = { status: { phase: "Running" } };
  return intruder.mergePatch(virtualMachineInstances, key(name), { patch, subresource: "status" });
};
const label = (name: string) =>
  intruder.mergePatch(virtualMachineInstances, key(name), { patch: { metadata: { labels: { tried: "yes" } } } });

test.each([
  { what: "writes the status of an instance of its own node", tried: () => writeStatus("here") },
  { what: "annotates its own node", tried: () => intruder.mergePatch(nodes, { name: ownNode }, annotated("yes")) },
])("it $what", async ({ tried }) => {
  await expect(tried()).resolves.toHaveProperty("metadata.name");
});

test.each([
  { what: "the status of another node's instance", tried: () => writeStatus("there"), names: policy },
  {
    what: "another Node",
    tried: () => intruder.mergePatch(nodes, { name: elsewhere }, annotated("yes")),
    names: policy,
  },
  { what: "more than the status of its own", tried: () => label("here"), names: "virtualmachineinstances" },
  { what: "to read Secrets", tried: () => intruder.list(secrets, { namespace }), names: "secrets" },
  { what: "to delete a pod of others", tried: () => intruder.delete(pods, key("relay")), names: "pods" },
])("it is refused $what", async ({ tried, names }) => {
  await expect(tried()).rejects.toThrow(names);
});
