// The values of DHCP options: what a lease tells the guest.
import type { DhcpOptions } from "@knvirt/api";
import { addressBytes } from "./packet.ts";

/** All that the guest of one interface is told. */
export interface Lease {
  address: string;
  prefixLength: number;
  /** Router, and the server that the lease comes from. */
  gateway: string;
  mac: string;
  hostname: string;
  mtu: number;
  dnsServers: string[];
  searchDomains: string[];
  /** What its spec says beside that. */
  further?: DhcpOptions;
}

export const option = {
  mask: 1,
  router: 3,
  dnsServers: 6,
  hostname: 12,
  domain: 15,
  mtu: 26,
  leaseSeconds: 51,
  ntpServers: 42,
  messageType: 53,
  serverIdentifier: 54,
  tftpServerName: 66,
  bootFileName: 67,
  search: 119,
} as const;

/** The address is the guest's as long as it runs; there is only no number for that which all clients take. */
const leaseSeconds = 999 * 24 * 3600;
/** RFC 3397 allows more by splitting; many clients do not join the pieces. */
const longestSearchList = 255;

export function leaseOptions(lease: Lease): [number, Buffer][] {
  const { prefixLength, gateway, dnsServers, hostname, mtu, searchDomains } = lease;
  const domain = searchDomains.toSorted((one, other) => other.length - one.length)[0];
  const search = searchList(searchDomains);
  return [
    [option.serverIdentifier, addressBytes(gateway)],
    [option.leaseSeconds, uint32(leaseSeconds)],
    [option.mask, uint32(prefixLength === 0 ? 0 : (0xffffffff << (32 - prefixLength)) >>> 0)],
    [option.router, addressBytes(gateway)],
    ...given(option.dnsServers, Buffer.concat(dnsServers.map(addressBytes))),
    ...given(option.hostname, Buffer.from(hostname)),
    ...given(option.domain, Buffer.from(domain ?? "")),
    ...given(option.mtu, mtu > 0 ? uint16(mtu) : Buffer.alloc(0)),
    ...given(option.search, search),
    ...furtherOptions(lease.further ?? {}),
  ];
}

const furtherOptions = ({
  bootFileName = "",
  tftpServerName = "",
  ntpServers = [],
  privateOptions = [],
}: DhcpOptions): [number, Buffer][] => [
  ...given(option.ntpServers, Buffer.concat(ntpServers.map(addressBytes))),
  ...given(option.tftpServerName, Buffer.from(tftpServerName)),
  ...given(option.bootFileName, Buffer.from(bootFileName)),
  ...privateOptions.flatMap(({ option: code, value }) => given(code, Buffer.from(value))),
];

const given = (code: number, value: Buffer): [number, Buffer][] => (value.length > 0 ? [[code, value]] : []);

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** As many domains, in order, as fit whole. */
function searchList(domains: string[]): Buffer {
  let list = Buffer.alloc(0);
  for (const name of domains) {
    const longer = Buffer.concat([list, domainName(name)]);
    if (longer.length > longestSearchList) break;
    list = longer;
  }
  return list;
}

/** In the form of RFC 1035, not compressed. A name that has no such form is left out. */
function domainName(name: string): Buffer {
  const labels = name.replace(/\.$/, "").split(".");
  if (labels.some((label) => label.length === 0 || Buffer.byteLength(label) > 63)) return Buffer.alloc(0);
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.of(Buffer.byteLength(label)), Buffer.from(label)]),
    Buffer.of(0),
  ]);
}
