// Which pods nobody but the pod garbage collector will ever remove.
import { nodes, pods } from "@knvirt/kubernetes";
import { aNode, aPod, openRig } from "../testing/rig.ts";
import { startControllerManager } from "./controller-manager.ts";

const outOfService = { key: "node.kubernetes.io/out-of-service", effect: "NoSchedule" };

test.each([
  { when: "its node never was", node: undefined, isDeleted: false, want: "gone" },
  { when: "its node is there", node: aNode("one"), isDeleted: false, want: "there" },
  { when: "it ends on a node that is there", node: aNode("one"), isDeleted: true, want: "there" },
  {
    ...{ when: "it ends on a node that is out of service", isDeleted: true, want: "gone" },
    node: aNode("one", { ready: "Unknown", taints: [outOfService] }),
  },
])("$when: it is $want", async ({ node, isDeleted, want }) => {
  const rig = openRig();
  if (node) rig.create(nodes, node);
  rig.create(pods, aPod("a", { nodeName: "one", terminationGracePeriodSeconds: 600 }));
  if (isDeleted) rig.remove(pods, aPod("a"));
  const last: unknown[] = [];
  startControllerManager(() => ({ isReached: () => true, isHeard: () => true }))(
    rig.world.spawn("kcm", "system:kcm"),
  );
  rig.world.api.watch({ method: "GET", path: "/api/v1/pods", query: { watch: true } }, ({ object }) =>
    last.push(object),
  );
  await rig.pass(30_000);
  const early = rig.pod("a");
  await rig.pass(60_000);
  expect(rig.pod("a") ? "there" : "gone").toBe(want);
  if (!node) expect(early).toBeDefined(); // a node that is away for a moment is waited for
  if (!node)
    expect(last).toContainEqual(expect.objectContaining({ status: expect.objectContaining({ phase: "Failed" }) }));
});
