// Which 10.x.y.0/24 the pods of an instance live in. Pure.

/** An IPv4 network in use on the machine: first and last address as numbers. */
export interface AddressRange {
  first: number;
  last: number;
}

export function rangeOf(cidr: string): AddressRange {
  const [address = "", length = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(addressNumber(address) / size) * size;
  return { first, last: first + size - 1 };
}

const addressNumber = (address: string): number =>
  address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);

const candidates = 256 * 256;

/** The first free network counted from the seed, so that two instances rarely reach for the same one. */
export function freeSubnet(taken: AddressRange[], seed: number): string {
  for (let step = 0; step < candidates; step++) {
    const index = (seed + step) % candidates;
    const subnet = `10.${index >> 8}.${index & 255}.0/24`;
    const { first, last } = rangeOf(subnet);
    if (taken.every((used) => last < used.first || first > used.last)) return subnet;
  }
  throw new Error("no free network in 10.0.0.0/8: every /24 overlaps a route or address of this machine");
}
