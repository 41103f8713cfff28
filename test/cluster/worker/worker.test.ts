import { networkOf, nodePlans } from "../network.ts";
import { clusterPlaces } from "../places.ts";
import { cniConfig, containerdConfig } from "./containerd.ts";
import { nameOf } from "./images.ts";
import { kubeletConfig } from "./kubelet.ts";
import { workerPrograms } from "./programs.ts";

const [first, node] = nodePlans(networkOf("/c"), 2) as [NodePlanOf, NodePlanOf];
type NodePlanOf = ReturnType<typeof nodePlans>[number];
const places = clusterPlaces({ KNVIRT_CLUSTER: "/c" });

it.each([
  { when: "an archive of one version", given: "/cache/functions-3b0e5be9361d.tar", want: "functions" },
  { when: "a name of several words", given: "/cache/node-executor-7ebf307c6d3a.tar", want: "node-executor" },
  { when: "an archive whose folder is the version", given: "/cache/0123456789ab/first-node.tar", want: "first-node" },
])("images are named after $when", ({ given, want }) => expect(nameOf(given)).toBe(want));

it("gives pods addresses of their node", () => {
  expect(cniConfig(node).plugins[0]).toMatchObject({ ipam: { ranges: [[{ subnet: "10.244.2.0/24" }]] } });
});

it("starts the container runtime before what needs it, with its shim in reach", () => {
  const programs = workerPrograms({ ...places, kubernetes: "/k8s", containerd: "/containerd", node });
  expect(programs.map(({ name }) => name)).toEqual(["containerd", "kubelet", "kube-proxy"]);
  expect(programs[0]?.env?.PATH?.split(":")[0]).toBe("/containerd");
});

it("never lets a kubelet remove images, which nobody could pull again", () => {
  expect(kubeletConfig({ places, node, first, cgroupRoot: "/g" })).toMatchObject({
    cgroupRoot: "/g",
    clusterDNS: [first.address],
    imageGCHighThresholdPercent: 100,
  });
});

it("names the image that sandboxes are made of", () => {
  expect(containerdConfig("/cni")).toContain('sandbox = "dev.local/knvirt/pause:dev"');
});
