// The network interfaces of an instance: those of its domain, with what the guest's agent adds, then those that only the
// agent knows. Both are believed only about what is theirs to know, in bounded number. Pure.
import { isIP } from "node:net";
import { type InterfaceStatus, interfacesOf, queuesOf, type VirtualMachineInstance } from "@knvirt/api";
import type { Pod } from "@knvirt/kubernetes";
import type { DomainState, GuestInterface } from "@knvirt/proto";
import { podLinkName } from "../network/plan.ts";

/** As upstream: a guest may have any number of its own. */
const mostOfGuest = 10;
const mostAddresses = 32;
const longestName = 64;

export function interfaceStatuses(
  { vmi, pod }: { vmi: VirtualMachineInstance; pod: Pod },
  { interfaces, guestInterfaces }: DomainState,
): InterfaceStatus[] {
  const specified = new Map(interfacesOf(vmi.spec).map((entry) => [entry.name, entry]));
  const ofGuest = guestInterfaces.filter(isPlausible);
  const addresses = podAddresses(pod);
  const [ipAddress] = addresses;
  const own = interfaces.flatMap(({ name, mac }): InterfaceStatus[] => {
    const wanted = specified.get(name);
    if (!wanted || !specified.delete(name)) return [];
    const inGuest = ofGuest.find((candidate) => isSameMac(candidate.mac, mac));
    return [
      {
        name,
        ...(inGuest && { interfaceName: inGuest.name }),
        ...(ipAddress && { ipAddress, ipAddresses: addresses }),
        mac,
        podInterfaceName: podLinkName,
        infoSource: inGuest ? "domain, guest-agent" : "domain",
        linkState: wanted.state ?? "up",
        queueCount: queuesOf(vmi.spec, wanted),
      },
    ];
  });
  const known = interfaces.map(({ mac }) => mac);
  const others = ofGuest.filter(({ mac }) => !known.some((mine) => isSameMac(mine, mac)));
  return [...own, ...others.slice(0, mostOfGuest).map(guestOnly)];
}

/** The guest sits behind the pod's IPv4 address; masquerade does not forward IPv6 yet. */
function podAddresses({ status }: Pod): string[] {
  const addresses = status?.podIPs?.map(({ ip }) => ip) ?? (status?.podIP ? [status.podIP] : []);
  return addresses.filter((address) => !address.includes(":"));
}

const isPlausible = ({ name, mac }: GuestInterface): boolean =>
  name !== "" && name.length <= longestName && (mac === "" || /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(mac));

const isSameMac = (one: string, other: string): boolean => one !== "" && one.toLowerCase() === other.toLowerCase();

function guestOnly({ name, mac, addresses }: GuestInterface): InterfaceStatus {
  const ipAddresses = addresses.filter((address) => isIP(address) > 0).slice(0, mostAddresses);
  const ipAddress = ipAddresses.find((address) => isIP(address) === 4) ?? ipAddresses[0];
  return {
    interfaceName: name,
    ...(ipAddress && { ipAddress, ipAddresses }),
    ...(mac && { mac }),
    infoSource: "guest-agent",
    queueCount: 1,
  };
}
