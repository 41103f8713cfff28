// One attempt to hand a CloudEvent to the sink, and what its answer means for a further one.
import { type ClientRequest, Agent as PlainAgent, request as requestPlain } from "node:http";
import { request as requestSecure, Agent as SecureAgent } from "node:https";
import type { CloudEvent } from "./cloud-event.ts";

export interface Answer {
  /** Taken; refused for good; failed by the sink; or not answered at all. */
  verdict: "sent" | "refused" | "failed" | "unreachable";
  /** What a person is told. */
  detail: string;
}

export interface Courier {
  deliver(url: string, event: CloudEvent): Promise<Answer>;
  close(): void;
}

const answerWithinMs = 10_000;
/** Answers of 4xx that may be others the next time. */
const passing = [408, 425, 429];

export function openCourier(): Courier {
  const agents = { "http:": new PlainAgent({ keepAlive: true }), "https:": new SecureAgent({ keepAlive: true }) };
  return {
    deliver: async (url, event) => {
      try {
        const code = await post(new URL(url), agents, event);
        return { verdict: verdictOn(code), detail: `answered ${code}` };
      } catch (error) {
        return { verdict: "unreachable", detail: (error as Error).message };
      }
    },
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

function verdictOn(code: number): Answer["verdict"] {
  if (code >= 200 && code < 300) return "sent";
  if (code >= 500 || passing.includes(code)) return "failed";
  return "refused"; // redirections too: an event goes where it was said to go
}

type Agents = { "http:": PlainAgent; "https:": SecureAgent };

function post(url: URL, agents: Agents, { headers, body }: CloudEvent): Promise<number> {
  const isSecure = url.protocol === "https:";
  const length = { "content-length": `${Buffer.byteLength(body)}` };
  const options = { method: "POST", headers: { ...headers, ...length }, signal: AbortSignal.timeout(answerWithinMs) };
  return new Promise((resolve, reject) => {
    const outgoing: ClientRequest = isSecure
      ? requestSecure(url, { ...options, agent: agents["https:"] })
      : requestPlain(url, { ...options, agent: agents["http:"] });
    outgoing.on("response", (answer) => {
      answer.on("error", reject).resume();
      answer.on("end", () => resolve(answer.statusCode ?? 500));
    });
    outgoing.on("error", reject).end(body);
  });
}
