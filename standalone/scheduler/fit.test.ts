import { expect, test } from "@jest/globals";
import type { Node, Pod, PodSpec, ResourceRequirements } from "@knvirt/kubernetes";
import { choose, misfits, unschedulableMessage } from "./fit.ts";

const aPod = (
  resources: ResourceRequirements,
  { phase, ...spec }: Partial<PodSpec> & { phase?: "Failed" } = {},
): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web" },
  spec: { containers: [{ name: "compute", image: "i", resources }], ...spec },
  ...(phase && { status: { phase } }),
});
const aNode = (spec: NonNullable<Node["spec"]> = {}, ready: "True" | "False" = "True"): Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "here", labels: { zone: "a" } },
  spec,
  status: {
    allocatable: { cpu: "2", memory: "1Gi", pods: "2", "devices.kubevirt.io/kvm": "1" },
    conditions: [{ type: "Ready", status: ready }],
  },
});
const big = aPod({ requests: { memory: "1000Mi" } });

test.each([
  { when: "fits", pod: big, want: [] },
  { when: "counts what others have", pod: big, others: [big], want: ["Insufficient memory"] },
  {
    when: "counts nothing for what has ended",
    pod: big,
    others: [aPod({ requests: { memory: "1Gi" } }, { phase: "Failed" })],
    want: [],
  },
  {
    when: "fills to the brim",
    pod: aPod({ requests: { cpu: "500m" } }),
    others: [aPod({ requests: { cpu: "1500m" } })],
    want: [],
  },
  {
    when: "names each shortage",
    pod: aPod({ requests: { cpu: "2001m", memory: "2Gi" } }),
    want: ["Insufficient cpu", "Insufficient memory"],
  },
  {
    when: "takes a limit as a request",
    pod: aPod({ limits: { "devices.kubevirt.io/kvm": "2" } }),
    want: ["Insufficient devices.kubevirt.io/kvm"],
  },
  {
    when: "knows what the node has not",
    pod: aPod({ limits: { "devices.kubevirt.io/tun": "1" } }),
    want: ["Insufficient devices.kubevirt.io/tun"],
  },
  { when: "counts pods", pod: aPod({}), others: [aPod({}), aPod({})], want: ["Too many pods"] },
  {
    when: "reads the node selector",
    pod: aPod({}, { nodeSelector: { zone: "b" } }),
    want: ["node(s) didn't match Pod's node affinity/selector"],
  },
  {
    when: "leaves a cordoned node alone",
    pod: aPod({}),
    node: aNode({ unschedulable: true }),
    want: ["node(s) were unschedulable"],
  },
  {
    when: "leaves a tainted node alone",
    pod: aPod({}),
    node: aNode({ taints: [{ key: "only", value: "db", effect: "NoSchedule" }] }),
    want: ["node(s) had untolerated taint {only: db}"],
  },
  { when: "waits for the node", pod: aPod({}), node: aNode({}, "False"), want: ["node(s) were not ready"] },
])("$when", ({ pod, node = aNode(), others = [], want }) => expect(misfits(pod, node, others)).toEqual(want));

test.each([
  { reasons: [["Insufficient memory"]], want: "0/1 nodes are available: 1 Insufficient memory." },
  {
    reasons: [["Insufficient memory", "Insufficient cpu"]],
    want: "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.",
  },
  { reasons: [], want: "no nodes available to schedule pods" },
])("says $want", ({ reasons, want }) => expect(unschedulableMessage(reasons)).toBe(want));

test("the first node that takes the pod is chosen, else it is told why not", () => {
  const cordoned = aNode({ unschedulable: true });
  const free = { ...aNode(), metadata: { name: "free" } };
  expect(choose(big, [cordoned, free], [])).toEqual({ node: "free" });
  expect(choose(big, [cordoned], [])).toEqual({ message: "0/1 nodes are available: 1 node(s) were unschedulable." });
});
