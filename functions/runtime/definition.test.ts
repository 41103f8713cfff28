import { definitionsOf } from "../definitions.ts";
import { keysConcerned, watchedBy } from "./definition.ts";

const definitions = definitionsOf({ launcher: { image: "launcher:1" } });
const vmi = { apiVersion: "kubevirt.io/v1", kind: "VirtualMachineInstance", namespace: "default", name: "web" };
const web = [{ namespace: "default", name: "web" }];

test.each([
  { when: "an instance", reference: vmi, want: { vm: web, vmi: web } },
  { when: "a VM", reference: { ...vmi, kind: "VirtualMachine" }, want: { vm: web, vmi: [] } },
  {
    when: "a launcher pod",
    reference: { ...vmi, apiVersion: "v1", kind: "Pod", name: "virt-launcher-web" },
    want: { vm: [], vmi: web },
  },
  { when: "another pod", reference: { ...vmi, apiVersion: "v1", kind: "Pod" }, want: { vm: [], vmi: [] } },
  { when: "a kind nobody reads", reference: { ...vmi, apiVersion: "v1", kind: "Secret" }, want: { vm: [], vmi: [] } },
  { when: "a kind of another group", reference: { ...vmi, apiVersion: "example.org/v1" }, want: { vm: [], vmi: [] } },
  { when: "the settings", reference: { ...vmi, kind: "KubeVirt", name: "kubevirt" }, want: { vm: [], vmi: "all" } },
])("$when concerns the right keys", ({ reference, want }) => {
  const concerned = definitions.map((definition) => [definition.name, keysConcerned(definition, reference)]);
  expect(Object.fromEntries(concerned)).toEqual(want);
});

test("each kind that a function reads is watched once, and of pods only launchers", () => {
  expect(watchedBy(definitions).map(({ kind, labelSelector }) => [kind, labelSelector])).toEqual([
    ["VirtualMachine", undefined],
    ["VirtualMachineInstance", undefined],
    ["Pod", "kubevirt.io=virt-launcher"],
    ["KubeVirt", undefined],
  ]);
});
