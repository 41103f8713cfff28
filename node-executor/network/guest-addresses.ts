// Which addresses a guest behind its pod's has: its own, and its gateway's.
import type { VmiSpec } from "@knvirt/api";

const usual = "10.0.2.0/24";

export interface GuestAddresses {
  gateway: string;
  guest: string;
  prefixLength: number;
}

/** The first two of the network that the spec gives. */
export function guestAddressesOf({ networks = [] }: VmiSpec, name: string): GuestAddresses {
  const { vmNetworkCIDR = usual } = networks.find((network) => network.name === name)?.pod ?? {};
  const [base = "", bits] = vmNetworkCIDR.split("/");
  const prefixLength = Number(bits);
  const network = networkOf(base, prefixLength);
  return { gateway: addressOf(network + 1), guest: addressOf(network + 2), prefixLength };
}

/** Whether an address is on the guest's side. */
export const isWithin = ({ gateway, prefixLength }: GuestAddresses, address: string): boolean =>
  networkOf(address, prefixLength) === networkOf(gateway, prefixLength);

function networkOf(address: string, prefixLength: number): number {
  const size = 2 ** (32 - prefixLength);
  return Math.floor(numberOf(address) / size) * size;
}

const numberOf = (address: string): number => address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
const addressOf = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
