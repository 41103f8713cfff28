// A libvirt daemon whose guest has an agent, as far as the agent's channel sees it: each command is answered as told.
import { type Connection, LibvirtError } from "@knvirt/libvirt";
import { agentChannel, type Channel } from "../channel.ts";

/** What the agent returns; an error is the daemon's answer. */
export type Answering = (execute: string, given: Record<string, unknown> | undefined) => unknown;

export function answering(answer: Answering): Channel {
  const call = async (_procedure: unknown, { cmd }: { cmd?: string }): Promise<object> => {
    if (cmd === undefined) return { dom: { name: "default_web" } };
    const { execute, arguments: given } = JSON.parse(cmd) as { execute: string; arguments?: Record<string, unknown> };
    return { result: JSON.stringify({ return: await answer(execute, given) }) };
  };
  return agentChannel({ name: "default_web", connection: async () => ({ call }) as unknown as Connection });
}

/** The daemon's, as it comes over the wire. */
export const refusal = (code: number, message: string): LibvirtError =>
  new LibvirtError("domainAgentCommand", {
    ...{ code, message, domain: 10, level: 2, dom: undefined, net: undefined, int1: 0, int2: 0 },
    ...{ str1: undefined, str2: undefined, str3: undefined },
  });
