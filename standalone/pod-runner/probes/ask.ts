// One question to one container, and whether the answer is a good one. Source: Kubernetes' documentation on probes.
import { once } from "node:events";
import { request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import type { Container, Probe } from "@knvirt/kubernetes";
import { ToolError } from "@knvirt/tools";
import { usual } from "./tally.ts";

export interface Asked {
  /** Of the pod. */
  ip: string;
  container: Container;
  /** Runs a program in the container; fails when the program does, or when time is over. */
  exec(command: string[], timeoutMs: number): Promise<unknown>;
}

/** Undefined for a good answer, else what was wrong with it. */
export async function ask(probe: Probe, asked: Asked): Promise<string | undefined> {
  const timeoutMs = (probe.timeoutSeconds ?? usual.timeoutSeconds) * 1000;
  try {
    if (probe.exec) await asked.exec(probe.exec.command ?? [], timeoutMs);
    if (probe.tcpSocket) await askPort(probe.tcpSocket, asked, timeoutMs);
    if (probe.httpGet) await askPage(probe.httpGet, asked, timeoutMs);
    return undefined;
  } catch (error) {
    return isLate(error as Error) ? `no answer within ${timeoutMs / 1000} s` : (error as Error).message;
  }
}

const isLate = (error: Error): boolean =>
  error.name === "AbortError" || error.name === "TimeoutError" || (error instanceof ToolError && error.timedOut);

async function askPort(
  { host, port }: NonNullable<Probe["tcpSocket"]>,
  asked: Asked,
  timeoutMs: number,
): Promise<void> {
  const socket = connect({ host: host || asked.ip, port: portNumber(port, asked) });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(timeoutMs) });
  } finally {
    socket.destroy();
  }
}

async function askPage(page: NonNullable<Probe["httpGet"]>, asked: Asked, timeoutMs: number): Promise<void> {
  const { host, port, path = "/", scheme = "HTTP", httpHeaders = [] } = page;
  const options: RequestOptions = {
    host: host || asked.ip,
    port: portNumber(port, asked),
    path: path.startsWith("/") ? path : `/${path}`,
    headers: {
      "user-agent": "kube-probe/knvirt",
      ...Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value])),
    },
    signal: AbortSignal.timeout(timeoutMs),
    agent: false,
  };
  const status = await new Promise<number>((resolve, reject) => {
    const request =
      scheme === "HTTPS" ? httpsRequest({ ...options, rejectUnauthorized: false }) : httpRequest(options);
    request.on("error", reject);
    request.on("response", (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    request.end();
  });
  if (status < 200 || status >= 400) throw new Error(`the page answers ${status}, expected 200 to 399`);
}

function portNumber(port: number | string, { container }: Asked): number {
  if (/^\d+$/.test(String(port))) return Number(port);
  const found = container.ports?.find(({ name }) => name === port);
  if (found) return found.containerPort;
  throw new Error(`container ${container.name} has no port of name ${port}`);
}
