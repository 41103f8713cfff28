// That everything an API server is asked for is counted once, under who asked and what for.
import { pathOf, pods } from "@knvirt/kubernetes";
import { apiServer } from "../api-server/index.ts";
import { aPod } from "../cluster/testing/rig.ts";
import { type Counts, openTally, sideOf, total } from "./tally.ts";

const namespace = "default";
const times = (counts: Counts): Record<string, number> =>
  Object.fromEntries([...counts].map(([name, count]) => [name, count.times]));

test("writes, reads and events are counted by who and what", () => {
  const tally = openTally();
  const api = tally.counted(apiServer({ now: () => new Date(0), onWrite: tally.onWrite }));
  const path = pathOf(pods, { namespace, name: "a" });
  const status = (phase: string) => ({
    ...({ method: "PATCH", path: `${path}/status`, contentType: "application/merge-patch+json" } as const),
    body: { status: { phase } },
  });
  api.watch({ method: "GET", path: "/api/v1/pods", query: { watch: true } }, () => undefined, "knvirt-source");
  api.call({ method: "POST", path: pathOf(pods, { namespace }), body: aPod("a") }, "kubernetes-admin");
  for (const phase of ["Running", "Running"]) api.call(status(phase), "system:node:node-1");
  api.call({ method: "GET", path }, "knvirt-executor@node-1");
  api.call({ method: "GET", path: "/api/v1/pods" }, "knvirt-functions");
  expect(() => api.call({ method: "GET", path: `${path}-not` }, "system:kube-scheduler")).toThrow("not found");

  const { writes, vain, reads, events } = tally.take();
  expect(times(writes)).toEqual({ "user: create Pod": 1, "kubelet: patch Pod/status": 1 });
  expect(times(vain)).toEqual({ "kubelet: patch Pod/status": 1 });
  expect(times(reads)).toEqual({
    "source: watch pods": 1,
    "executor: get pods": 1,
    "functions: list pods": 1,
    "scheduler: get pods, refused": 1,
  });
  expect(times(events)).toEqual({ "source: watch pods": 2 });
  expect(total(events).bytes).toBe(total(writes).bytes);
  expect(total(tally.take().writes).times).toBe(0);
});

test.each([
  { name: "user: create Pod", side: "user" },
  { name: "gateway: patch VirtualMachine/status", side: "user" },
  { name: "functions: create Pod", side: "knvirt" },
  { name: "executor: create Event", side: "knvirt" },
  { name: "kubelet: patch Pod/status", side: "Kubernetes" },
  { name: "controller-manager: delete Pod", side: "Kubernetes" },
])("$name is a matter of $side", ({ name, side }) => expect(sideOf(name)).toBe(side));
