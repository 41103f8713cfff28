import { guestAddressesOf, isWithin } from "./guest-addresses.ts";

const spec = (vmNetworkCIDR?: string) => ({
  domain: {},
  networks: [
    { name: "other", pod: { vmNetworkCIDR: "10.9.0.0/16" } },
    { name: "default", pod: vmNetworkCIDR === undefined ? {} : { vmNetworkCIDR } },
  ],
});

test.each([
  { when: "nothing is said", given: spec(), want: { gateway: "10.0.2.1", guest: "10.0.2.2", prefixLength: 24 } },
  {
    when: "no network is given",
    given: { domain: {} },
    want: { gateway: "10.0.2.1", guest: "10.0.2.2", prefixLength: 24 },
  },
  {
    when: "a network is given",
    given: spec("192.168.66.0/24"),
    want: { gateway: "192.168.66.1", guest: "192.168.66.2", prefixLength: 24 },
  },
  {
    when: "an address within it is given",
    given: spec("192.168.66.7/30"),
    want: { gateway: "192.168.66.5", guest: "192.168.66.6", prefixLength: 30 },
  },
  {
    when: "it is large",
    given: spec("172.31.255.255/12"),
    want: { gateway: "172.16.0.1", guest: "172.16.0.2", prefixLength: 12 },
  },
  {
    when: "it is beyond half of all addresses",
    given: spec("203.0.113.128/25"),
    want: { gateway: "203.0.113.129", guest: "203.0.113.130", prefixLength: 25 },
  },
])("when $when", ({ given, want }) => expect(guestAddressesOf(given, "default")).toEqual(want));

test.each([
  { address: "192.168.66.6", want: true },
  { address: "192.168.66.8", want: false },
])("$address is on the guest's side of 192.168.66.5/30: $want", ({ address, want }) =>
  expect(isWithin({ gateway: "192.168.66.5", guest: "192.168.66.6", prefixLength: 30 }, address)).toBe(want),
);
