import { addBridge, addCable, bridgeCommands, networkOf, nodePlans, plugIn, routeCommands } from "./network.ts";

const network = networkOf("/var/lib/knvirt-cluster");
const [first, second, third] = nodePlans(network, 3) as [NodePlanOf, NodePlanOf, NodePlanOf];
type NodePlanOf = ReturnType<typeof nodePlans>[number];

it("gives the cluster of the usual folder the usual names", () => {
  expect({ network, second }).toEqual({
    network: { bridge: "knvirt-c0", hostAddress: "172.29.0.1", number: 0 },
    second: { name: "node-2", number: 2, address: "172.29.0.12", podCidr: "10.244.2.0/24" },
  });
});

it.each(["/tmp/a", "/tmp/b", "/srv/cluster"])("gives a cluster in %s others, always the same", (folder) => {
  const other = networkOf(folder);
  expect(other).toEqual(networkOf(folder));
  expect(other.number).toBeGreaterThan(0);
  expect(other.bridge.length + "n9".length).toBeLessThanOrEqual(15);
  expect(other.hostAddress).not.toBe(network.hostAddress);
});

it.each([{ given: 0 }, { given: 10 }, { given: Number.NaN }])("refuses $given nodes", ({ given }) => {
  expect(() => nodePlans(network, given)).toThrow(`--nodes is out of range: found ${given}, expected 1 to 9`);
});

it.each([
  {
    when: "the bridge has the host's address",
    given: [addBridge(network), ...bridgeCommands(network)],
    want: [
      "ip link add knvirt-c0 type bridge",
      "ip address replace 172.29.0.1/24 dev knvirt-c0",
      "ip link set knvirt-c0 up",
    ],
  },
  {
    when: "a node's cable ends in its network and on the bridge",
    given: [addCable(network, second, 4711), plugIn(network, second)],
    want: [
      "ip link add knvirt-c0n2 type veth peer name eth0 netns 4711",
      "ip link set knvirt-c0n2 master knvirt-c0 up",
    ],
  },
  {
    when: "a node reaches the pods of all others",
    given: routeCommands(second, [first, second, third]),
    want: ["ip route replace 10.244.1.0/24 via 172.29.0.11", "ip route replace 10.244.3.0/24 via 172.29.0.13"],
  },
  { when: "a single node needs no routes", given: routeCommands(first, [first]), want: [] },
])("$when", ({ given, want }) => expect(given.map((argv) => argv.join(" "))).toEqual(want));
