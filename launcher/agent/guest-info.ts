// What an agent's answers say in the words of the API: VirtualMachineInstanceGuestAgentInfo, and what status shows. Pure.
import type { DomainState, GuestOs, GuestReport } from "@knvirt/proto";
import type * as commands from "./commands.ts";

type Answer<C> = C extends { reads: (value: unknown) => infer T } ? NonNullable<T> : never;

/** What was told last, command by command; a command that failed told nothing. */
export interface Answers {
  info?: Answer<typeof commands.info> | undefined;
  osInfo?: Answer<typeof commands.osInfo> | undefined;
  hostName?: Answer<typeof commands.hostName> | undefined;
  timeZone?: Answer<typeof commands.timeZone> | undefined;
  interfaces?: Answer<typeof commands.interfaces> | undefined;
  users?: Answer<typeof commands.users> | undefined;
  filesystems?: Answer<typeof commands.filesystems> | undefined;
  freezeStatus?: string | undefined;
}

/** Without these an agent is not supported, as upstream has it. */
const required = [
  "guest-ping",
  "guest-get-time",
  "guest-info",
  "guest-shutdown",
  "guest-network-get-interfaces",
  "guest-get-fsinfo",
  "guest-get-host-name",
  "guest-get-users",
  "guest-get-timezone",
  "guest-get-osinfo",
];

/** What the launcher tells with the domain's state. */
export type GuestSide = Pick<DomainState, "guestInterfaces" | "guest">;

export const guestSide = (answers: Answers, accessCredentials?: GuestReport["accessCredentials"]): GuestSide => ({
  guestInterfaces: guestInterfaces(answers),
  guest: { ...guestReport(answers), accessCredentials },
});

function guestInterfaces({ interfaces = [] }: Answers): DomainState["guestInterfaces"] {
  return interfaces
    .filter(({ name }) => name !== undefined && name !== "lo")
    .map(({ name = "", "hardware-address": mac = "", "ip-addresses": addresses = [] }) => ({
      name,
      mac,
      addresses: addresses.flatMap(({ "ip-address": address }) => address ?? []),
    }));
}

function guestReport({ osInfo, info, freezeStatus }: Answers): Omit<GuestReport, "accessCredentials"> {
  return { os: osInfo && guestOs(osInfo), fsFreezeStatus: frozen(freezeStatus), missingCommands: missing(info) };
}

/** Empty when thawed. */
const frozen = (status: string | undefined): string => (status === "thawed" ? "" : (status ?? ""));

function missing(info: Answers["info"]): string[] {
  if (!info?.supported_commands) return [];
  const usable = new Set(info.supported_commands.filter(({ enabled }) => enabled).map(({ name }) => name));
  return required.filter((name) => !usable.has(name));
}

function guestOs(said: NonNullable<Answers["osInfo"]>): GuestOs {
  return {
    name: said.name ?? "",
    kernelRelease: said["kernel-release"] ?? "",
    version: said.version ?? "",
    prettyName: said["pretty-name"] ?? "",
    versionId: said["version-id"] ?? "",
    kernelVersion: said["kernel-version"] ?? "",
    machine: said.machine ?? "",
    id: said.id ?? "",
  };
}

/** As JSON. */
export function guestAgentInfo(answers: Answers): string {
  const { info, osInfo, hostName, timeZone, users = [], filesystems = [], freezeStatus } = answers;
  return JSON.stringify({
    guestAgentVersion: info?.version,
    supportedCommands: info?.supported_commands,
    hostname: hostName?.["host-name"],
    os: osInfo ? filled(guestOs(osInfo)) : {},
    timezone: timeZone && `${timeZone.zone ?? ""}, ${timeZone.offset ?? 0}`,
    userList: users.map(({ user, domain, "login-time": loginTime }) => ({ userName: user, domain, loginTime })),
    fsInfo: { disks: filesystems.map(disk) },
    fsFreezeStatus: frozen(freezeStatus) || undefined,
  });
}

function disk(said: NonNullable<Answers["filesystems"]>[number]): object {
  return {
    diskName: said.name,
    mountPoint: said.mountpoint,
    fileSystemType: said.type,
    usedBytes: said["used-bytes"] ?? 0,
    totalBytes: said["total-bytes"] ?? 0,
    disk: (said.disk ?? []).map(({ "bus-type": busType, serial }) => ({ busType, serial })),
  };
}

const filled = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== ""));
