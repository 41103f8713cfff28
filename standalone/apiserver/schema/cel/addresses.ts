// The IP and CIDR libraries of Kubernetes' CEL: https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-ip-address-library
import { type Address, addressText, type Cidr, masked, parseAddress, parseCidr, prefixMatches } from "./address.ts";
import type { CelLibrary } from "./library.ts";

class Ip {
  readonly address: Address;
  constructor(address: Address) {
    this.address = address;
  }
}

class Network {
  readonly cidr: Cidr;
  constructor(cidr: Cidr) {
    this.cidr = cidr;
  }
}

/** Functions on `ip`, beside the function `ip()`. */
class IpNamespace {}

function ip(text: string): Ip {
  const address = parseAddress(text);
  if (!address) throw new Error(`IP Address ${JSON.stringify(text)} parse error during conversion from string`);
  return new Ip(address);
}

function cidr(text: string): Network {
  const parsed = parseCidr(text);
  if (!parsed) throw new Error(`network address parse error during conversion from string: ${JSON.stringify(text)}`);
  return new Network(parsed);
}

const inNetworks =
  (...networks: string[]) =>
  ({ address }: Ip): boolean =>
    networks.some((network) => prefixMatches(cidr(network).cidr, address));

const isSpecial = inNetworks(
  ...["0.0.0.0/32", "255.255.255.255/32", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4"],
  ...["::/128", "::1/128", "fe80::/10", "ff00::/8"],
);

const contains = ({ cidr: outer }: Network, { address }: Ip): boolean => prefixMatches(outer, address);

const containsNetwork = ({ cidr: outer }: Network, { cidr: inner }: Network): boolean =>
  outer.prefix <= inner.prefix && prefixMatches(outer, inner.address);

const networkText = ({ cidr: { address, prefix } }: Network): string => `${addressText(address)}/${prefix}`;

export const addresses: CelLibrary = {
  types: { "net.IP": Ip, "net.CIDR": Network, "kubernetes.IP": IpNamespace },
  constants: { ip: { type: "kubernetes.IP", value: new IpNamespace() } },
  operators: {
    "net.IP == net.IP": (a: Ip, b: Ip) => addressText(a.address) === addressText(b.address),
    "net.CIDR == net.CIDR": (a: Network, b: Network) => networkText(a) === networkText(b),
  },
  functions: {
    "ip(string): net.IP": ip,
    "isIP(string): bool": (text: string) => parseAddress(text) !== undefined,
    "kubernetes.IP.isCanonical(string): bool": (_ip: IpNamespace, text: string) =>
      addressText(ip(text).address) === text,
    "net.IP.family(): int": ({ address }: Ip) => (address.bits === 32 ? 4n : 6n),
    "net.IP.isUnspecified(): bool": inNetworks("0.0.0.0/32", "::/128"),
    "net.IP.isLoopback(): bool": inNetworks("127.0.0.0/8", "::1/128"),
    "net.IP.isLinkLocalMulticast(): bool": inNetworks("224.0.0.0/24", "ff02::/16"),
    "net.IP.isLinkLocalUnicast(): bool": inNetworks("169.254.0.0/16", "fe80::/10"),
    "net.IP.isGlobalUnicast(): bool": (address: Ip) => !isSpecial(address),
    "string(net.IP): string": ({ address }: Ip) => addressText(address),
    "cidr(string): net.CIDR": cidr,
    "isCIDR(string): bool": (text: string) => parseCidr(text) !== undefined,
    "net.CIDR.containsIP(net.IP): bool": contains,
    "net.CIDR.containsIP(string): bool": (network: Network, text: string) => contains(network, ip(text)),
    "net.CIDR.containsCIDR(net.CIDR): bool": containsNetwork,
    "net.CIDR.containsCIDR(string): bool": (network: Network, text: string) => containsNetwork(network, cidr(text)),
    "net.CIDR.ip(): net.IP": ({ cidr: { address } }: Network) => new Ip(address),
    "net.CIDR.masked(): net.CIDR": (network: Network) => new Network(masked(network.cidr)),
    "net.CIDR.prefixLength(): int": (network: Network) => BigInt(network.cidr.prefix),
    "string(net.CIDR): string": networkText,
  },
};
