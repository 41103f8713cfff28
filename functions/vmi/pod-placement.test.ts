import { type KubeVirt, label, type VmiSpec } from "@knvirt/api";
import { aVmi, emulated } from "../testing/builders.ts";
import { podPlacement } from "./pod-placement.ts";

const domain = { memory: { guest: "64Mi" } };
const placed = (spec: Partial<VmiSpec>, kubevirt?: KubeVirt) =>
  podPlacement({ vmi: aVmi({ spec: { domain, ...spec } }), kubevirt });
const schedulable = { [label.schedulable]: "true" };

const wishes: Partial<VmiSpec> = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "web" } } },
      ],
    },
  },
  tolerations: [{ key: "dedicated", operator: "Exists" }],
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "ScheduleAnyway" }],
  priorityClassName: "important",
  schedulerName: "other",
  subdomain: "shop",
  dnsPolicy: "None",
  dnsConfig: { nameservers: ["192.0.2.1"] },
};

test("what says where a pod runs is passed on as it is", () => {
  expect(placed(wishes)).toEqual({ ...wishes, nodeSelector: { ...schedulable, "kubernetes.io/arch": "amd64" } });
});

test.each([
  { when: "nothing is wished", spec: {}, want: { ...schedulable, "kubernetes.io/arch": "amd64" } },
  {
    when: "the user selects nodes",
    spec: { nodeSelector: { disk: "fast" } },
    want: { disk: "fast", ...schedulable, "kubernetes.io/arch": "amd64" },
  },
  {
    when: "the user selects nodes that cannot run guests",
    spec: { nodeSelector: { [label.schedulable]: "false", "kubernetes.io/arch": "arm64" } },
    want: { ...schedulable, "kubernetes.io/arch": "amd64" },
  },
])("the node is selected when $when", ({ spec, want }) => expect(placed(spec).nodeSelector).toEqual(want));

test("the emulator runs on any architecture", () =>
  expect(placed({}, emulated)).toEqual({ nodeSelector: schedulable }));
