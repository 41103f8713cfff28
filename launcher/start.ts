// From a VMI to a running domain: every step may have been done before.
import { domainName, hostnameOf, interfacesOf, serialLogFile, type VirtualMachineInstance } from "@knvirt/api";
import { type Connection, createDomain, defineDomain, isLibvirtError, LibvirtError } from "@knvirt/libvirt";
import type { PodInterface, StartRequest } from "@knvirt/proto";
import type { Lease } from "./dhcp/options.ts";
import { vmiText } from "./domain/conversion.ts";
import { domainXml } from "./domain/index.ts";
import { LauncherError, type Reason } from "./errors.ts";
import { acpiTables, diskImages, kernelBoot } from "./images/index.ts";
import { libvirtFiles } from "./libvirt-files.ts";
import type { Paths } from "./paths.ts";

/** All that lies outside libvirt is made; what the domain will be. */
export async function prepareDomain(
  vmi: VirtualMachineInstance,
  { emulation, interfaces }: StartRequest,
  paths: Paths,
): Promise<string> {
  const [images, kernel, tables] = await Promise.all([
    diskImages(vmi, paths),
    kernelBoot(vmi, paths),
    acpiTables(vmi, paths),
  ]);
  return domainXml({
    vmi,
    domainType: emulation ? "qemu" : "kvm",
    emulator: libvirtFiles(paths).emulator,
    images,
    interfaces,
    kernelBoot: kernel,
    acpiTables: tables,
    efiVariables: `${paths.private}/efi-variables.fd`,
    sockets: { serial: paths.serialSocket, vnc: paths.vncSocket },
    serialLog: serialLog(paths),
  });
}

export const serialLog = (paths: Paths): string => `${paths.private}/${serialLogFile}`;

export async function startDomain(connection: Connection, vmi: VirtualMachineInstance, xml: string): Promise<void> {
  const name = domainName(vmi.metadata);
  const domain = await defineDomain(connection, xml).catch(
    explain("DefineFailed", `domain ${name} is refused by libvirt`),
  );
  const paused = vmi.spec.startStrategy === "Paused";
  await createDomain(connection, domain, { paused }).catch(
    explain("StartFailed", `domain ${name} cannot be started`),
  );
}

/** Only "not now" may pass by itself: a daemon that died in the middle of a start is still clearing away what it left. */
const explain = (reason: Reason, what: string) => (error: unknown) => {
  if (!(error instanceof LibvirtError)) throw error;
  const isPassing = isLibvirtError(error, "operationInvalid");
  throw new LauncherError(isPassing ? "GuestNotResponding" : reason, `${what}: ${error.message}`, { cause: error });
};

/** What DHCP tells the guest; undefined when no interface has an IPv4 address to give. */
export function leaseOf(vmi: VirtualMachineInstance, interfaces: PodInterface[]): Lease | undefined {
  const [first, second] = interfaces.filter(({ guestAddress }) => guestAddress !== "");
  if (second)
    throw new LauncherError(
      "UnsupportedDevice",
      `interface ${second.name} of ${vmiText(vmi)}: only one interface can be given an address by DHCP, ${first?.name} is one already`,
    );
  if (!first) return undefined;
  const { guestAddress: address, prefixLength, gateway, mac, mtu, dnsServers, searchDomains } = first;
  const further = interfacesOf(vmi.spec).find(({ name }) => name === first.name)?.dhcpOptions;
  const lease = { address, prefixLength, gateway, mac, mtu, dnsServers, searchDomains, hostname: hostnameOf(vmi) };
  return further ? { ...lease, further } : lease;
}
