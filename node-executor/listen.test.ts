// The port that the gateway calls: whom it lets in, and what it shows of itself.
import { type ClientDuplexStream, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { afterEach, beforeEach, expect, it, test } from "@jest/globals";
import type { Transport } from "@knvirt/kubernetes";
import { type ConnectReply, type ConnectRequest, Endpoint, ExecutorClient, type ExecutorServer } from "@knvirt/proto";
import { pino } from "pino";
import { authenticatedBy, callerAuthorization } from "./caller-authorization.ts";
import { executorName, type PublishedIdentity, publishedIdentity } from "./identity.ts";
import { type ExecutorPort, listenOnNetwork } from "./listen.ts";

const user = "system:serviceaccount:kubevirt:knvirt-gateway";
const day = (number: number): Date => new Date(Date.now() + number * 24 * 3600_000);

interface Review {
  spec: { token: string; audiences: string[] };
}

/** What the API server would say of each token. */
const reviews: Record<string, object> = {
  gateway: { authenticated: true, audiences: ["knvirt-executor"], user: { username: user } },
  elsewhere: { authenticated: true, audiences: ["https://kubernetes"], user: { username: user } },
  unchecked: { authenticated: true, user: { username: user } },
  other: {
    authenticated: true,
    audiences: ["knvirt-executor"],
    user: { username: "system:serviceaccount:default:default" },
  },
};
let asked: Review["spec"][];
const transport: Partial<Transport> = {
  call: async <Answer>({ body }: { body?: unknown }) => {
    const { spec } = body as Review;
    asked.push(spec);
    if (spec.token === "away") throw new Error("the API server is away");
    return { status: reviews[spec.token] ?? { authenticated: false } } as Answer;
  },
};

let identity: PublishedIdentity;
let port: ExecutorPort;
let opened: number;
let now: number;
const clients: ExecutorClient[] = [];

beforeEach(async () => {
  [asked, opened, now] = [[], 0, 0];
  identity = publishedIdentity(day(-46));
  const service: ExecutorServer = {
    call: (_call, answer) => answer(null, { json: "", png: Buffer.alloc(0) }),
    connect: (call) => {
      opened += 1;
      call.on("data", ({ message }: ConnectRequest) => {
        if (message?.$case === "data") call.write({ data: message.value });
        else call.sendMetadata(new Metadata());
      });
      call.on("end", () => call.end());
    },
  };
  const log = pino({ enabled: false });
  const authorization = callerAuthorization({
    client: { transport: transport as Transport },
    user,
    log,
    now: () => now,
  });
  const authenticated = authenticatedBy(authorization);
  port = await listenOnNetwork({ address: "127.0.0.1:0", identity, authenticated }, service);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  port.close();
});

function connect(trusted: string): ExecutorClient {
  const options = { "grpc.ssl_target_name_override": executorName, "grpc.use_local_subchannel_pool": 1 };
  const client = new ExecutorClient(`127.0.0.1:${port.port}`, credentials.createSsl(Buffer.from(trusted)), options);
  clients.push(client);
  return client;
}

interface Opening {
  call: ClientDuplexStream<ConnectRequest, ConnectReply>;
  /** How it was refused; undefined once it is open. */
  refusal: Promise<ServiceError | undefined>;
}

function open(client: ExecutorClient, authorization?: string): Opening {
  const metadata = new Metadata();
  if (authorization) metadata.set("authorization", authorization);
  const call = client.connect(metadata, { deadline: Date.now() + 10_000 });
  const refusal = new Promise<ServiceError | undefined>((resolve) => {
    call.on("error", resolve);
    call.once("metadata", () => resolve(undefined));
  });
  const place = { namespace: "default", name: "web", endpoint: Endpoint.ENDPOINT_VNC, preserveSession: false };
  call.write({ message: { $case: "open", value: place } });
  return { call, refusal };
}

test.each([
  { when: "no token", authorization: undefined, code: status.UNAUTHENTICATED },
  { when: "a password", authorization: "Basic YTpi", code: status.UNAUTHENTICATED },
  { when: "an unknown token", authorization: "Bearer unknown", code: status.UNAUTHENTICATED },
  { when: "a token for the API server", authorization: "Bearer elsewhere", code: status.UNAUTHENTICATED },
  { when: "a token of no audience", authorization: "Bearer unchecked", code: status.UNAUTHENTICATED },
  { when: "another user's token", authorization: "Bearer other", code: status.PERMISSION_DENIED },
  { when: "a token that cannot be reviewed", authorization: "Bearer away", code: status.UNAVAILABLE },
])("refuses a caller with $when before anything is done", async ({ authorization, code }) => {
  const { refusal } = open(connect(identity.current().certificate), authorization);
  expect(await refusal).toMatchObject({ code });
  expect(opened).toBe(0);
});

it("lets the gateway in, and carries bytes", async () => {
  const { call, refusal } = open(connect(identity.current().certificate), "Bearer gateway");
  expect(await refusal).toBeUndefined();
  call.write({ message: { $case: "data", value: Buffer.from("hello") } });
  expect(await echo(call)).toBe("hello");
  expect(asked).toEqual([{ token: "gateway", audiences: ["knvirt-executor"] }]);
});

const echo = (call: Opening["call"]): Promise<string> =>
  new Promise((resolve) => call.once("data", ({ data }: ConnectReply) => resolve(data.toString())));

it("asks the API server again after some seconds", async () => {
  const client = connect(identity.current().certificate);
  for (const at of [0, 9_999, 10_000]) {
    now = at;
    expect(await open(client, "Bearer gateway").refusal).toBeUndefined();
  }
  expect(asked).toHaveLength(2);
});

it("is not believed by those who trust another certificate", async () => {
  const { refusal } = open(connect(publishedIdentity(new Date()).current().certificate), "Bearer gateway");
  expect(await refusal).toMatchObject({ code: status.UNAVAILABLE });
});

it("shows a new certificate when it is renewed, and keeps the calls that are open", async () => {
  const before = open(connect(identity.current().certificate), "Bearer gateway");
  expect(await before.refusal).toBeUndefined();
  const both = identity.toPublish(new Date());
  expect(await open(connect(both), "Bearer gateway").refusal).toBeUndefined();
  identity.published(both);
  expect(await open(connect(both), "Bearer gateway").refusal).toBeUndefined();
  expect(await open(connect(identity.current().certificate), "Bearer gateway").refusal).toBeUndefined();
  before.call.write({ message: { $case: "data", value: Buffer.from("still here") } });
  expect(await echo(before.call)).toBe("still here");
});
