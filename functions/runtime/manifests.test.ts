import { definitionsOf } from "../definitions.ts";
import { watchedBy } from "./definition.ts";
import { rulesOf } from "./manifests.ts";

const definitions = definitionsOf({ launcher: { image: "launcher:1" } });
const [vm, vmi] = definitions.map(rulesOf);
const kubevirt = ["kubevirt.io"];

test("the function vm may do exactly what it declares", () => {
  expect(vm).toEqual([
    { apiGroups: [""], resources: ["events"], verbs: ["create", "get", "patch"] },
    {
      apiGroups: kubevirt,
      resources: ["virtualmachineinstances"],
      verbs: ["create", "delete", "get", "list", "patch", "watch"],
    },
    { apiGroups: kubevirt, resources: ["virtualmachines"], verbs: ["get", "list", "patch", "watch"] },
    { apiGroups: kubevirt, resources: ["virtualmachines/finalizers"], verbs: ["update"] },
    { apiGroups: kubevirt, resources: ["virtualmachines/status"], verbs: ["patch"] },
  ]);
});

test("the function vmi may do exactly what it declares", () => {
  expect(vmi).toEqual([
    { apiGroups: [""], resources: ["events"], verbs: ["create", "get", "patch"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["create", "delete", "get", "list", "watch"] },
    { apiGroups: kubevirt, resources: ["kubevirts"], verbs: ["get", "list", "watch"] },
    { apiGroups: kubevirt, resources: ["virtualmachineinstances"], verbs: ["get", "list", "patch", "watch"] },
    { apiGroups: kubevirt, resources: ["virtualmachineinstances/finalizers"], verbs: ["update"] },
    { apiGroups: kubevirt, resources: ["virtualmachineinstances/status"], verbs: ["patch"] },
  ]);
});

test("each kind that a function reads is watched once", () => {
  expect(watchedBy(definitions).map(({ kind }) => kind)).toEqual([
    "VirtualMachine",
    "VirtualMachineInstance",
    "Pod",
    "KubeVirt",
  ]);
});
