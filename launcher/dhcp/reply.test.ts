import { expect, test } from "@jest/globals";
import { type Lease, option } from "./options.ts";
import type { DhcpPacket } from "./packet.ts";
import { reply } from "./reply.ts";

const lease: Lease = {
  address: "10.0.2.2",
  prefixLength: 24,
  gateway: "10.0.2.1",
  mac: "02:00:00:00:00:01",
  hostname: "web",
  mtu: 1450,
  dnsServers: ["10.96.0.10", "10.96.0.11"],
  searchDomains: ["svc.cluster.local", "default.svc.cluster.local"],
};
const request = (type: number | undefined, given: Partial<DhcpPacket> = {}): DhcpPacket => ({
  op: 1,
  transaction: 7,
  seconds: 3,
  flags: 0,
  clientAddress: "0.0.0.0",
  yourAddress: "0.0.0.0",
  serverAddress: "0.0.0.0",
  relayAddress: "0.0.0.0",
  mac: lease.mac,
  options: new Map(type === undefined ? [] : [[option.messageType, Buffer.of(type)]]),
  ...given,
});
const typeOf = (answered: ReturnType<typeof reply>): number | undefined =>
  answered?.packet.options.get(option.messageType)?.[0];

test.each([
  { when: "discover is offered", given: request(1), want: 2 },
  { when: "request is acknowledged", given: request(3), want: 5 },
  { when: "decline is not answered", given: request(4), want: undefined },
  { when: "release is not answered", given: request(7), want: undefined },
  { when: "BOOTP is not answered", given: request(undefined), want: undefined },
  { when: "a server is not answered", given: request(1, { op: 2 }), want: undefined },
])("$when", ({ given, want }) => expect(typeOf(reply(given, lease))).toBe(want));

test.each([
  { when: "to the leased address", given: request(1), want: "10.0.2.2" },
  { when: "to all when the client asks for that", given: request(1, { flags: 0x8000 }), want: "255.255.255.255" },
  {
    when: "to all when the MAC is another one",
    given: request(3, { mac: "02:00:00:00:00:99" }),
    want: "255.255.255.255",
  },
])("sent $when", ({ given, want }) => expect(reply(given, lease)?.destination).toBe(want));

test("the lease says all that the guest needs", () => {
  const { packet } = reply(request(3), lease) as NonNullable<ReturnType<typeof reply>>;
  expect(packet).toMatchObject({ op: 2, transaction: 7, yourAddress: "10.0.2.2", serverAddress: "10.0.2.1" });
  expect(Object.fromEntries([...packet.options].map(([code, value]) => [code, value.toString("latin1")]))).toEqual({
    [option.messageType]: "\x05",
    [option.serverIdentifier]: "\x0a\x00\x02\x01",
    [option.leaseSeconds]: "\x05\x25\x0a\x80",
    [option.mask]: "\xff\xff\xff\x00",
    [option.router]: "\x0a\x00\x02\x01",
    [option.dnsServers]: "\x0a\x60\x00\x0a\x0a\x60\x00\x0b",
    [option.hostname]: "web",
    [option.domain]: "default.svc.cluster.local",
    [option.mtu]: "\x05\xaa",
    [option.search]: "\x03svc\x07cluster\x05local\x00\x07default\x03svc\x07cluster\x05local\x00",
  });
});

test("what is not known is not said, and the search list stays within what clients read", () => {
  const longName = `${"a".repeat(60)}.${"b".repeat(60)}.example`;
  const little = { ...lease, dnsServers: [], mtu: 0, hostname: "", searchDomains: ["a..b", longName, longName] };
  const { packet } = reply(request(3), little) as NonNullable<ReturnType<typeof reply>>;
  for (const code of [option.dnsServers, option.mtu, option.hostname]) expect(packet.options.has(code)).toBe(false);
  expect(packet.options.get(option.search)).toHaveLength(longName.length + 2);
});

test("the lease says what the spec says beside that", () => {
  const further = {
    bootFileName: "boot.ipxe",
    tftpServerName: "tftp.example.org",
    ntpServers: ["10.0.0.1", "10.0.0.2"],
    privateOptions: [{ option: 240, value: "mine" }],
  };
  const options = reply(request(3), { ...lease, further })?.packet.options;
  expect(options?.get(option.bootFileName)?.toString()).toBe("boot.ipxe");
  expect(options?.get(option.tftpServerName)?.toString()).toBe("tftp.example.org");
  expect([...(options?.get(option.ntpServers) ?? [])]).toEqual([10, 0, 0, 1, 10, 0, 0, 2]);
  expect(options?.get(240)?.toString()).toBe("mine");
});
