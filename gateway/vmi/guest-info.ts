// What the guest's agent tells: all of it, its users, its file systems.
import { GatewayError } from "../errors.ts";
import { type Answer, type Call, objectOf } from "../subresource.ts";
import { askGuest } from "./ask.ts";
import { mustHaveAgent, mustRun } from "./preconditions.ts";

const apiVersion = "kubevirt.io/v1";

export async function guestInfo(call: Call): Promise<Answer> {
  return { code: 200, body: { ...(await told(call)), apiVersion, kind: "VirtualMachineInstanceGuestAgentInfo" } };
}

export async function users(call: Call): Promise<Answer> {
  const { userList = [] } = await told(call);
  const kind = "VirtualMachineInstanceGuestOSUserList";
  return { code: 200, body: { apiVersion, kind, metadata: {}, items: userList } };
}

export async function fileSystems(call: Call): Promise<Answer> {
  const { fsInfo } = await told(call);
  const kind = "VirtualMachineInstanceFileSystemList";
  return { code: 200, body: { apiVersion, kind, metadata: {}, items: fsInfo?.disks ?? [] } };
}

interface Told {
  userList?: object[];
  fsInfo?: { disks?: object[] };
}

/** A launcher is believed about its own guest, and only that it says JSON. */
async function told(call: Call): Promise<Told> {
  const { json } = await askGuest(call, [mustRun, mustHaveAgent], { $case: "guestInfo", value: {} });
  try {
    const info: unknown = JSON.parse(json);
    if (typeof info === "object" && info !== null) return info;
  } catch (error) {
    throw unreadable(call, error);
  }
  throw unreadable(call);
}

const unreadable = ({ wanted }: Call, cause?: unknown): GatewayError =>
  new GatewayError(500, `${objectOf(wanted)}: what its agent told is no JSON object`, { cause });
