// A receiver of CloudEvents as a Broker is one: it keeps what it gets, and passes it on where somebody subscribed.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedEvent {
  id: string;
  type: string;
  headers: Record<string, string>;
  data: { name: string; sequence: number; [field: string]: unknown };
}

export interface Sink {
  url: string;
  /** In the order in which they came, with those that came twice. */
  events: ReceivedEvent[];
  close(): void;
}

export async function startSink(subscriber?: string): Promise<Sink> {
  const events: ReceivedEvent[] = [];
  const server = createServer(async (incoming, answer) => {
    const body = (await incoming.toArray()).join("");
    const attributes = Object.entries(incoming.headers).filter(([name]) => name.startsWith("ce-"));
    const headers = Object.fromEntries(attributes.map(([name, value]) => [name, `${value}`]));
    events.push({ id: headers["ce-id"] ?? "", type: headers["ce-type"] ?? "", headers, data: JSON.parse(body) });
    const passed = subscriber ? await fetch(subscriber, { method: "POST", headers, body }) : { status: 202 };
    answer.writeHead(passed.status).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, events, close };
}
