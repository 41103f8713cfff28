// Calls of subresources as virtctl and `kubectl --raw` send them: a path, a body if there is one, and what comes back.
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { consolePath } from "./console.ts";
import type { Host } from "./host.ts";

export interface Answered {
  code: number;
  bytes: Buffer;
  contentType: string;
  /** Of a refusal. */
  message: string;
}

export interface Calling {
  method?: "GET" | "PUT";
  body?: object;
  of?: "virtualmachineinstances" | "virtualmachines";
}

export async function callSubresource(host: Host, what: string, calling: Calling = {}): Promise<Answered> {
  const { method = "PUT", body, of = "virtualmachineinstances" } = calling;
  const { server, ca, clientCertificate, token } = host.access;
  const [name = "", ...path] = what.split("/");
  const target = consolePath({ namespace: host.namespace, name }, path.join("/"));
  const asked = request(server + target.replace("virtualmachineinstances", of), {
    ...{ method, ca, ...clientCertificate },
    headers: { ...(token && { authorization: `Bearer ${token()}` }) },
  });
  asked.end(body && JSON.stringify(body));
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const bytes = Buffer.concat(await answer.toArray());
  const contentType = answer.headers["content-type"] ?? "";
  const message = contentType.includes("json") ? String(JSON.parse(bytes.toString()).message ?? "") : "";
  return { code: answer.statusCode ?? 0, bytes, contentType, message };
}
