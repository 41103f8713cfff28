import { describe, expect, it, test } from "@jest/globals";
import type { NetworkInterface } from "@knvirt/api";
import { aVmi, aVmiWithInterface } from "../testing/objects.ts";
import { ipCommands } from "./ip-commands.ts";
import { macAddressOf } from "./mac-address.ts";
import { masqueradeRuleset } from "./masquerade.ts";
import { type Link, planNetwork } from "./plan.ts";

const eth0: Link = {
  name: "eth0",
  kind: "veth",
  mac: "0a:58:0a:58:00:05",
  mtu: 1450,
  addresses: [{ family: "inet", local: "10.88.0.5", prefixLength: 16, scope: "global" }],
};
const [ip4] = eth0.addresses as [Link["addresses"][number]];
const ip6 = { family: "inet6", local: "fd00::5", prefixLength: 64, scope: "global" } as const;
const withAddresses = (...addresses: Link["addresses"]): Link => ({ ...eth0, addresses });
const nameServers = { servers: ["10.0.0.53"], searchDomains: ["example.org"] };
const facts = (links: Link[]) => ({ links, nameServers });
const vmi = aVmi();
const queued = (given: Partial<NetworkInterface> = {}) =>
  aVmi({
    spec: {
      domain: {
        cpu: { cores: 2 },
        devices: { networkInterfaceMultiqueue: true, interfaces: [{ name: "default", masquerade: {}, ...given }] },
      },
      networks: [{ name: "default", pod: {} }],
    },
  });
const planned = (links: Link[] = [eth0]) => {
  const plan = planNetwork(vmi, facts(links));
  if (!plan) throw new Error("nothing was planned");
  return plan;
};

describe("the plan of a guest behind the pod's address", () => {
  it("tells the launcher what the guest is leased", () => {
    expect(planned().podInterface).toEqual({
      name: "default",
      tap: "tap0",
      mac: macAddressOf(vmi, { name: "default" }),
      mtu: 1450,
      bridge: "k6t-eth0",
      guestAddress: "10.0.2.2",
      prefixLength: 24,
      gateway: "10.0.2.1",
      dnsServers: ["10.0.0.53"],
      searchDomains: ["example.org"],
    });
  });

  it("makes every link from nothing", () => {
    const mac = macAddressOf(vmi, { name: "default" });
    expect(ipCommands(planned(), [eth0])).toEqual([
      "link add name k6t-eth0 type bridge",
      "link set dev k6t-eth0 address 02:00:00:00:00:00 mtu 1450 up",
      "address replace 10.0.2.1/24 dev k6t-eth0",
      "tuntap add dev tap0 mode tap user 107 group 107 vnet_hdr",
      "link set dev tap0 mtu 1450 master k6t-eth0 up",
      "route replace 255.255.255.255/32 dev k6t-eth0",
      `neighbour replace 10.0.2.2 lladdr ${mac} nud permanent dev k6t-eth0`,
    ]);
  });

  test.each([
    { when: "virtio on two CPUs", given: queued(), want: " vnet_hdr multi_queue" },
    { when: "a card of another model", given: queued({ model: "e1000" }), want: " vnet_hdr" },
    { when: "nobody asks for it", given: vmi, want: " vnet_hdr" },
  ])("has a tap of several queues or of one: $when", ({ given, want }) => {
    const plan = planNetwork(given, facts([eth0])) ?? planned();
    expect(ipCommands(plan, [eth0])).toContain(`tuntap add dev tap0 mode tap user 107 group 107${want}`);
  });

  it("adds only the links that are missing", () => {
    const found: Link[] = [
      eth0,
      { ...eth0, name: "k6t-eth0", kind: "bridge" },
      { ...eth0, name: "tap0", kind: "tun" },
    ];
    expect(ipCommands(planned(), found).filter((command) => / add /.test(command))).toEqual([]);
  });

  it("refuses a link that is of another kind", () => {
    const found: Link[] = [eth0, { ...eth0, name: "tap0", kind: "dummy" }];
    expect(() => ipCommands(planned(), found)).toThrow("link tap0 of the pod is of another kind: found dummy");
  });

  test.each([
    { when: "without the pod's link", links: [], want: "does not exist yet" },
    { when: "without an IPv4 address", links: [{ ...eth0, addresses: [] }], want: "has no IPv4 address" },
    { when: "with IPv6 alone", links: [withAddresses(ip6)], want: "masquerade supports IPv4 only" },
    {
      when: "in the guest's own network",
      links: [withAddresses({ ...ip4, local: "10.0.2.7" })],
      want: "has address 10.0.2.7 of the guest's own network: expected one outside 10.0.2.1/24",
    },
  ])("is refused $when", ({ links, want }) => expect(() => planned(links)).toThrow(want));

  test.each([
    { when: "a network of one address", links: [withAddresses({ ...ip4, prefixLength: 32 })] },
    { when: "IPv6 besides", links: [withAddresses(ip6, ip4)] },
    { when: "a card of the node's own", links: [{ ...eth0, kind: "" }] },
  ])("is the same for a pod with $when", ({ links }) => expect(planned(links)).toEqual(planned()));

  it("is nothing for a guest without network", () => {
    const alone = aVmi({ spec: { domain: { devices: { autoattachPodInterface: false } } } });
    expect(planNetwork(alone, facts([eth0]))).toBeUndefined();
  });
});

describe("the MAC address", () => {
  test.each([
    {
      when: "as the spec gives it",
      given: aVmiWithInterface({ macAddress: "DE-AD-00-00-BE-AF" }),
      want: "de:ad:00:00:be:af",
    },
    { when: "derived otherwise", given: vmi, want: macAddressOf(vmi, { name: "default" }) },
  ])("is $when", ({ given, want }) => {
    expect(planNetwork(given, facts([eth0]))?.podInterface.mac).toBe(want);
  });

  it("is unicast, locally administered, and another one for each instance and interface", () => {
    const other = aVmi({ metadata: { ...vmi.metadata, uid: "other" } });
    const addresses = [
      macAddressOf(vmi, { name: "default" }),
      macAddressOf(vmi, { name: "second" }),
      macAddressOf(other, { name: "default" }),
    ];
    expect(new Set(addresses).size).toBe(3);
    for (const address of addresses) expect(Number.parseInt(address.slice(0, 2), 16) & 3).toBe(2);
  });
});

describe("the rules", () => {
  const translation = { podLink: "eth0", bridge: "k6t-eth0", gateway: "10.0.2.1", guest: "10.0.2.2" };

  it("forward everything when no port is listed", () => {
    const rules = masqueradeRuleset(translation);
    expect(rules).toContain("    counter dnat to 10.0.2.2\n");
    expect(rules).toContain("    ip saddr 127.0.0.1 counter snat to 10.0.2.1\n");
    expect(rules).toContain("    ip daddr 127.0.0.1 counter dnat to 10.0.2.2\n");
  });

  it("forward listed ports only, TCP unless said otherwise", () => {
    const rules = masqueradeRuleset(translation, [{ port: 80 }, { port: 53, protocol: "UDP" }]);
    expect(rules).toContain("    tcp dport 80 counter dnat to 10.0.2.2\n    udp dport 53 counter dnat to 10.0.2.2\n");
    expect(rules).toContain("    tcp dport 80 ip saddr 127.0.0.1 counter snat to 10.0.2.1\n");
    expect(rules).toContain("    udp dport 53 ip daddr 127.0.0.1 counter dnat to 10.0.2.2\n");
    expect(rules).not.toContain("    counter dnat");
  });
});
