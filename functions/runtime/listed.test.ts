// Objects that an object names: read by themselves, followed by nobody.
import { type VirtualMachineInstance, virtualMachineInstances } from "@knvirt/api";
import {
  type Client,
  type Key,
  type KubernetesObject,
  keyText,
  persistentVolumeClaims,
  type Resource,
} from "@knvirt/kubernetes";
import { aVmi } from "../testing/builders.ts";
import { type FunctionDefinition, keysConcerned, watchedBy } from "./definition.ts";
import { joined, orders } from "./join.ts";
import { observe } from "./observe.ts";
import { listed, self } from "./reads.ts";
import { rulesOf } from "./rights.ts";

const names = ["here", "gone"];
const definition: FunctionDefinition = {
  name: "naming",
  primary: virtualMachineInstances,
  reads: {
    vmi: self(virtualMachineInstances),
    claims: listed(persistentVolumeClaims, ({ metadata }: VirtualMachineInstance) =>
      metadata.name === "web" ? names : [],
    ),
  },
  writes: [],
  reconcile: () => [],
};
const [web, other] = [aVmi(), aVmi({ metadata: { name: "x" } })];
const claim = { metadata: { name: "here", namespace: "default" } };
let asked: string[];
const client = {
  find: async (of: Resource, key: Key): Promise<KubernetesObject | undefined> => {
    if (of === virtualMachineInstances) return web;
    asked.push(keyText(key));
    return key.name === "here" ? (claim as KubernetesObject) : undefined;
  },
  pages: async function* () {
    yield { items: [web, other], resourceVersion: "1" };
  },
} as unknown as Client;
const now = () => new Date();

beforeEach(() => {
  asked = [];
});

test("those that exist are observed", async () => {
  const key = { namespace: "default", name: "web" };
  expect(await observe({ client, now }, definition, { key })).toEqual({ vmi: web, claims: [claim] });
  expect(asked).toEqual(["default/here", "default/gone"]);
});

test("a sweep asks for those that are named, and for no others", async () => {
  const rows = [];
  for await (const page of joined({ client, now }, definition, orders[0] as (typeof orders)[0])) rows.push(...page);
  expect(rows.map(({ observed }) => observed)).toEqual([
    { vmi: web, claims: [claim] },
    { vmi: other, claims: [] },
  ]);
  expect(asked).toHaveLength(2);
});

test("their changes concern nobody, and the right to get them is all that is asked for", () => {
  const reference = { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: "default", name: "here" };
  expect(keysConcerned(definition, reference)).toEqual([]);
  expect(watchedBy([definition]).map(({ kind }) => kind)).toEqual(["VirtualMachineInstance"]);
  const rules = rulesOf([definition], { watching: true });
  expect(rules).toContainEqual({ apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["get"] });
});
