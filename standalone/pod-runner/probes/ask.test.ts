import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Container, Probe } from "@knvirt/kubernetes";
import { ask } from "./ask.ts";

const server = createServer(({ url, headers }, answer) => {
  if (url === "/never") return;
  answer.writeHead(url === `/${headers["x-page"]}` ? 302 : 503).end();
});
let port = 0;
let container: Container;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
  container = { name: "main", image: "i", ports: [{ name: "web", containerPort: port }] };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const exec = async (command: string[], timeoutMs: number) => {
  if (command.join(" ") !== "check it" || timeoutMs !== 2000) throw new Error(`${command.join(" ")} failed`);
};
const httpHeaders = [{ name: "X-Page", value: "ready" }];

test.each<{ when: string; probe: () => Probe; want: string | undefined }>([
  { when: "a port that listens", probe: () => ({ tcpSocket: { port } }), want: undefined },
  { when: "a port by its name", probe: () => ({ tcpSocket: { port: "web" } }), want: undefined },
  { when: "a name that no port has", probe: () => ({ tcpSocket: { port: "db" } }), want: "has no port of name db" },
  { when: "a port that nobody listens on", probe: () => ({ tcpSocket: { port: 1 } }), want: "ECONNREFUSED" },
  { when: "another address", probe: () => ({ tcpSocket: { port, host: "127.0.0.2" } }), want: "ECONNREFUSED" },
  { when: "a page", probe: () => ({ httpGet: { port, path: "ready", httpHeaders } }), want: undefined },
  { when: "a page that is not there", probe: () => ({ httpGet: { port } }), want: "the page answers 503" },
  {
    when: "a page that never comes",
    probe: () => ({ httpGet: { port, path: "/never" }, timeoutSeconds: 1 }),
    want: "no answer within 1 s",
  },
  { when: "a page of another protocol", probe: () => ({ httpGet: { port, scheme: "HTTPS" } }), want: "SSL" },
  {
    when: "a program",
    probe: () => ({ exec: { command: ["check", "it"] }, timeoutSeconds: 2 }),
    want: undefined,
  },
  { when: "a program that fails", probe: () => ({ exec: { command: ["check"] } }), want: "check failed" },
])("a probe asks $when: $want", async ({ probe, want }) => {
  const answer = await ask(probe(), { ip: "127.0.0.1", container, exec });
  expect(answer).toEqual(want === undefined ? undefined : expect.stringContaining(want));
});
