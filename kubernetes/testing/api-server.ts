// The real API server for the client's tests, behind a link that a test can cut or make silent.
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClusterAccess } from "../access.ts";
import { type Client, connectClient } from "../client.ts";

export interface TestServer {
  /** How the link is reached. */
  access: ClusterAccess;
  /** Reaches the server through the link. */
  client: Client;
  connect(): Client;
  /** Reaches the server as it runs now, past the link. */
  readonly direct: Client;
  link: Link;
  close(): Promise<void>;
  stop(): Promise<void>;
  /** On the same data as before. */
  start(): Promise<void>;
}

const token = "secret-of-admin";
const tokens = [{ token, username: "admin", groups: ["system:masters"] }];

interface ApiServer {
  url: string;
  port: number;
  ca: string;
  close(): Promise<void>;
}

/** The server's folder is not ours to import: tests, which may, hand it in. */
type StartApiServer = (options: {
  dataDir: string;
  port: number;
  tokens: typeof tokens;
  history: number;
}) => Promise<ApiServer>;

/** The server forgets changes that are so many changes ago. */
export async function startTestServer(startApiServer: StartApiServer, history: number): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "knvirt-client-"));
  const launch = (): Promise<ApiServer> => startApiServer({ dataDir, port: 0, tokens, history });
  let server: ApiServer | undefined = await launch();
  const { ca } = server;
  const link = await startLink(() => server?.port);
  const access = { server: link.url, ca, token: () => token };
  const client = connectClient(access);
  let direct = connectClient({ ...access, server: server.url });
  const stop = async (): Promise<void> => {
    const stopping = server;
    server = undefined;
    await stopping?.close();
  };
  return {
    ...{ access, client, link, stop },
    get direct() {
      return direct;
    },
    connect: () => connectClient(access),
    start: async () => {
      server = await launch();
      direct.close();
      direct = connectClient({ ...access, server: server.url });
    },
    close: async () => {
      for (const open of [client, direct]) open.close();
      await link.close();
      await stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

export interface Link {
  url: string;
  /** Connections through it. */
  readonly open: number;
  cut(): void;
  /** Cuts, and lets no new connection through until it is unblocked. */
  block(): void;
  unblock(): void;
  /** Keeps every connection open and lets nothing through any more; new connections are not concerned. */
  silence(): void;
  close(): Promise<void>;
}

async function startLink(port: () => number | undefined): Promise<Link> {
  const pairs = new Set<[Socket, Socket]>();
  let isBlocked = false;
  const cut = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  const listener = createServer((near) => {
    const to = port();
    if (to === undefined || isBlocked) return void near.destroy();
    const far = connect(to, "127.0.0.1");
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.pipe(far).pipe(near);
    for (const [socket, other] of [pair, pair.toReversed()] as [Socket, Socket][]) {
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        other.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    get open() {
      return pairs.size;
    },
    cut,
    block: () => {
      isBlocked = true;
      cut();
    },
    unblock: () => {
      isBlocked = false;
    },
    silence: () => {
      for (const [near, far] of pairs) {
        near.unpipe(far).resume();
        far.unpipe(near).resume();
      }
    },
    close: async () => {
      cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
