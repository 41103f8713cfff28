import { definitionsOf } from "../definitions.ts";
import { watchedBy } from "./definition.ts";
import { rulesOf, watchRules } from "./rights.ts";

const definitions = definitionsOf({ launcher: { image: "launcher:1" } });
const [vm, vmi] = definitions.map((definition) => rulesOf([definition], { watching: false }));
const kubevirt = ["kubevirt.io"];

test("the function vm may do exactly what it declares", () => {
  expect(vm).toEqual([
    { apiGroups: [""], resources: ["events"], verbs: ["create", "get", "patch"] },
    { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["get"] },
    {
      apiGroups: kubevirt,
      resources: ["virtualmachineinstances"],
      verbs: ["create", "delete", "get", "list", "patch"],
    },
    { apiGroups: kubevirt, resources: ["virtualmachines"], verbs: ["get", "list", "patch"] },
    { apiGroups: kubevirt, resources: ["virtualmachines/finalizers"], verbs: ["update"] },
    { apiGroups: kubevirt, resources: ["virtualmachines/status"], verbs: ["patch"] },
  ]);
});

test("the function vmi may do exactly what it declares", () => {
  expect(vmi).toEqual([
    { apiGroups: [""], resources: ["events"], verbs: ["create", "get", "patch"] },
    { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["get"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["create", "delete", "get", "list"] },
    { apiGroups: kubevirt, resources: ["kubevirts"], verbs: ["list"] },
    { apiGroups: kubevirt, resources: ["virtualmachineinstances"], verbs: ["get", "list", "patch"] },
    { apiGroups: kubevirt, resources: ["virtualmachineinstances/finalizers"], verbs: ["update"] },
    { apiGroups: kubevirt, resources: ["virtualmachineinstances/status"], verbs: ["patch"] },
  ]);
});

test("a group has one rule for each resource, and watches what it reads where its process follows changes", () => {
  const rules = rulesOf(definitions, { watching: true });
  expect(new Set(rules.map(({ resources }) => resources[0])).size).toBe(rules.length);
  const watched = rules.filter(({ verbs }) => verbs.includes("watch")).map(({ resources }) => resources[0]);
  expect(watched).toEqual(["pods", "kubevirts", "virtualmachineinstances", "virtualmachines"]);
});

test("who only follows changes reads what is watched and nothing else", () => {
  const rules = watchRules(watchedBy(definitions));
  expect(rules.map(({ resources, verbs }) => `${resources}: ${verbs}`)).toEqual([
    "pods: list,watch",
    "kubevirts: list,watch",
    "virtualmachineinstances: list,watch",
    "virtualmachines: list,watch",
  ]);
});
