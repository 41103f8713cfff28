import { kubeVirts, type VirtualMachineInstance, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { ApiError, type Client, type Resource } from "@knvirt/kubernetes";
import { aVm } from "../testing/builders.ts";
import type { FunctionDefinition } from "./definition.ts";
import { joined, orders } from "./join.ts";
import { observe } from "./observe.ts";
import { sameName, self, singleton } from "./reads.ts";

const reading: FunctionDefinition = {
  name: "reading",
  primary: virtualMachines,
  reads: {
    vm: self(virtualMachines),
    vmi: sameName<VirtualMachineInstance>(virtualMachineInstances),
    kubevirt: singleton(kubeVirts),
  },
  writes: [],
  reconcile: () => [],
};
const vm = aVm();
const now = () => new Date();

/** An API server that has VMs and has forgotten every other kind, as while all is being removed. */
const refused = (of: Resource) => new ApiError(404, { message: `${of.plural} not found` });
const client = {
  find: async (of: Resource) => (of === virtualMachines ? vm : undefined),
  list: async (of: Resource) => Promise.reject(refused(of)),
  pages: async function* (of: Resource) {
    if (of !== virtualMachines) throw refused(of);
    yield { items: [vm], resourceVersion: "1" };
  },
} as unknown as Client;

const want = { vm, vmi: undefined, kubevirt: undefined };

test("a key is observed although the kinds of other reads are gone", async () => {
  const key = { namespace: "default", name: vm.metadata.name };
  expect(await observe({ client, now }, reading, { key })).toEqual(want);
});

test("so are all keys", async () => {
  const pages = [];
  for await (const page of joined({ client, now }, reading, orders[0] as (typeof orders)[0])) pages.push(page);
  expect(pages.flat().map(({ observed }) => observed)).toEqual([want]);
});

test("an API server that fails is another matter", async () => {
  const failing = { ...client, list: async () => Promise.reject(new ApiError(500, { message: "no" })) };
  const key = { namespace: "default", name: vm.metadata.name };
  await expect(observe({ client: failing as unknown as Client, now }, reading, { key })).rejects.toThrow("no");
});
