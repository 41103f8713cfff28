import { expect, test } from "@jest/globals";
import type { Affinity, Node, Pod, PodAffinityTerm, PodSpec, TopologySpreadConstraint } from "@knvirt/kubernetes";
import { aversions } from "./affinity.ts";
import { misfits } from "./fit.ts";

const aPod = (labels: Record<string, string>, spec: Partial<PodSpec> = {}, namespace = "default"): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", namespace, labels },
  spec: { containers: [], ...spec },
});
const node: Node = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "here", labels: { zone: "a", cpus: "4" } },
  spec: { taints: [{ key: "only", value: "db", effect: "NoSchedule" }] },
  status: { allocatable: { pods: "9" }, conditions: [{ type: "Ready", status: "True" }] },
};
type NodeTerms = NonNullable<
  NonNullable<Affinity["nodeAffinity"]>["requiredDuringSchedulingIgnoredDuringExecution"]
>["nodeSelectorTerms"];
const nodes = (nodeSelectorTerms: NodeTerms): Partial<PodSpec> => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});
const label = (
  key: string,
  operator: NonNullable<NodeTerms[number]["matchExpressions"]>[number]["operator"],
  ...values: string[]
) => ({
  matchExpressions: [{ key, operator, values }],
});
const wrongNode = ["node(s) didn't match Pod's node affinity/selector"];

test.each([
  { when: "a term is met", terms: [label("zone", "In", "b"), label("zone", "In", "a")], want: [] },
  { when: "none is", terms: [label("zone", "NotIn", "a"), label("disk", "Exists")], want: wrongNode },
  { when: "a label is absent as wished", terms: [label("disk", "DoesNotExist")], want: [] },
  { when: "a number is greater", terms: [label("cpus", "Gt", "3")], want: [] },
  { when: "a number is not less", terms: [label("cpus", "Lt", "4")], want: wrongNode },
  { when: "a label is no number", terms: [label("zone", "Gt", "1")], want: wrongNode },
  { when: "a term is empty", terms: [{}], want: wrongNode },
  {
    when: "it is named",
    terms: [{ matchFields: [{ key: "metadata.name", operator: "In" as const, values: ["here"] }] }],
    want: [],
  },
])("the node suits when $when: $want.length", ({ terms, want }) =>
  expect(aversions(aPod({}, nodes(terms)), node, [])).toEqual(want),
);

const web: PodAffinityTerm = { topologyKey: "zone", labelSelector: { matchLabels: { app: "web" } } };
const near = (term: PodAffinityTerm): Partial<PodSpec> => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
});
const far = (term: PodAffinityTerm): Partial<PodSpec> => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
});
const [app, other] = [{ app: "web" }, { app: "db" }];
const [lonely, crowded] = ["node(s) didn't match pod affinity rules", "node(s) didn't match pod anti-affinity rules"];

test.each([
  { when: "wants a neighbour that is there", pod: aPod(other, near(web)), others: [aPod(app)], want: [] },
  { when: "wants one that is not", pod: aPod(other, near(web)), others: [aPod(other)], want: [lonely] },
  { when: "is the first of its group", pod: aPod(app, near(web)), others: [], want: [] },
  {
    when: "wants one in its own namespace",
    pod: aPod(other, near(web)),
    others: [aPod(app, {}, "far")],
    want: [lonely],
  },
  {
    when: "wants one in a namespace it names",
    pod: aPod(other, near({ ...web, namespaces: ["far"] })),
    others: [aPod(app, {}, "far")],
    want: [],
  },
  {
    when: "wants one in any namespace",
    pod: aPod(other, near({ ...web, namespaceSelector: {} })),
    others: [aPod(app, {}, "far")],
    want: [],
  },
  {
    when: "knows no such place",
    pod: aPod(app, near({ ...web, topologyKey: "rack" })),
    others: [aPod(app)],
    want: [lonely],
  },
  { when: "keeps away", pod: aPod(app, far(web)), others: [aPod(app)], want: [crowded] },
  { when: "keeps away from what is not there", pod: aPod(app, far(web)), others: [aPod(other)], want: [] },
  {
    when: "is kept away",
    pod: aPod(app),
    others: [aPod(other, far(web))],
    want: ["node(s) didn't satisfy existing pods anti-affinity rules"],
  },
  {
    when: "keeps away from its own revision only",
    pod: aPod({ ...app, revision: "2" }, far({ ...web, matchLabelKeys: ["revision"] })),
    others: [aPod({ ...app, revision: "1" })],
    want: [],
  },
  {
    when: "keeps away from other tenants",
    pod: aPod({ ...app, tenant: "a" }, far({ ...web, mismatchLabelKeys: ["tenant"] })),
    others: [aPod({ ...app, tenant: "b" })],
    want: [crowded],
  },
])("a pod that $when", ({ pod, others, want }) => expect(aversions(pod, node, others)).toEqual(want));

const spread = (more: Partial<TopologySpreadConstraint>): Partial<PodSpec> => ({
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: "zone",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: app },
      ...more,
    },
  ],
});
const uneven = "node(s) didn't match pod topology spread constraints";

test.each([
  { when: "over the only place there is", more: {}, want: [] },
  { when: "over more places than there are", more: { minDomains: 2 }, want: [uneven] },
  {
    when: "over places the node is not in",
    more: { topologyKey: "rack" },
    want: [`${uneven} (missing required label)`],
  },
  {
    when: "over places the node is not in, if possible",
    more: { topologyKey: "rack", whenUnsatisfiable: "ScheduleAnyway" as const },
    want: [],
  },
])("pods are spread $when", ({ more, want }) =>
  expect(aversions(aPod(app, spread(more)), node, [aPod(app)])).toEqual(want),
);

test.each([
  { when: "nothing", tolerations: [], want: ["node(s) had untolerated taint {only: db}"] },
  { when: "the taint", tolerations: [{ key: "only", value: "db" }], want: [] },
  { when: "its key", tolerations: [{ key: "only", operator: "Exists" as const }], want: [] },
  { when: "everything", tolerations: [{ operator: "Exists" as const }], want: [] },
  {
    when: "another effect",
    tolerations: [{ key: "only", operator: "Exists" as const, effect: "NoExecute" as const }],
    want: ["node(s) had untolerated taint {only: db}"],
  },
  {
    when: "another value",
    tolerations: [{ key: "only", value: "web" }],
    want: ["node(s) had untolerated taint {only: db}"],
  },
])("a pod that tolerates $when", ({ tolerations, want }) =>
  expect(misfits(aPod({}, { tolerations }), node, [])).toEqual(want),
);
