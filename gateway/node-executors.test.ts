// Executors of nodes over TLS: who is trusted, what proves us, and what a viewer is told when it does not work.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { annotation } from "@knvirt/api";
import { issueCertificate, type KeyPair } from "@knvirt/certificates";
import { type Client, connectClient, namespaces, nodes, pods } from "@knvirt/kubernetes";
import { Endpoint } from "@knvirt/proto";
import { type ApiServer, startApiServer } from "../standalone/apiserver/index.ts";
import { eventually } from "../test/support/eventually.ts";
import type { Executors } from "./executors.ts";
import { nodeExecutors } from "./node-executors.ts";
import { type ScriptedExecutor, startScriptedExecutor } from "./testing/scripted-executor.ts";

const directory = mkdtempSync(join(tmpdir(), "knvirt-node-executors-"));
const tokenFile = join(directory, "token");
const open = {
  namespace: "default",
  name: "web",
  endpoint: Endpoint.ENDPOINT_SERIAL_CONSOLE,
  preserveSession: false,
};
const labels = { "app.kubernetes.io/name": "knvirt-executor" };

let api: ApiServer;
let client: Client;
let certificate: KeyPair;
let executor: ScriptedExecutor;
let executors: Executors;

beforeAll(async () => {
  const tokens = [{ token: "admin", username: "admin", groups: ["system:masters"] }];
  api = await startApiServer({ dataDir: directory, port: 0, tokens });
  client = connectClient({ server: api.url, ca: api.ca, token: () => "admin" });
  await client.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: "kubevirt" } });
});
afterAll(async () => {
  client.close();
  await api.close();
  rmSync(directory, { recursive: true });
});

beforeEach(async () => {
  certificate = ownCertificate();
  executor = await startScriptedExecutor("127.0.0.1", certificate);
  executors = executorsAt(executor.port);
  writeFileSync(tokenFile, "first\n");
  await aNode("one", certificate.certificate);
  await aPod("executor-one", { nodeName: "one" });
});
afterEach(async () => {
  executors.close();
  executor.stop();
  for (const { metadata } of (await client.list(nodes)).items) await client.delete(nodes, metadata);
  for (const { metadata } of (await client.list(pods)).items)
    await client.delete(pods, { namespace: "kubevirt", name: metadata.name }, { gracePeriodSeconds: 0 });
});

const ownCertificate = (): KeyPair =>
  issueCertificate({
    commonName: "executor",
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
  });

const executorsAt = (port: number): Executors =>
  nodeExecutors({
    client,
    namespace: "kubevirt",
    selector: "app.kubernetes.io/name=knvirt-executor",
    port,
    tokenFile,
  });

const aNode = (name: string, pem?: string) =>
  client.create(nodes, {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, ...(pem && { annotations: { [annotation.executorCertificate]: pem } }) },
  });

async function aPod(
  name: string,
  { nodeName = "one", podIP = "127.0.0.1", phase = "Running" as const, own = labels },
) {
  const spec = { nodeName, containers: [{ name: "executor", image: "knvirt/node-executor" }] };
  const metadata = { name, namespace: "kubevirt", labels: own };
  const pod = await client.create(pods, { apiVersion: "v1", kind: "Pod", metadata, spec });
  await client.replace(pods, { ...pod, status: { phase, podIP } }, "status");
}

const annotate = (name: string, pem: string) =>
  client.mergePatch(
    nodes,
    { name },
    { patch: { metadata: { annotations: { [annotation.executorCertificate]: pem } } } },
  );

describe("a guest's stream", () => {
  it("comes from the executor of its node, to which the token of the moment is shown", async () => {
    const stream = await executors.connect(open, "one");
    await executor.guests[0]?.send(Buffer.from("login:"));
    const [reply] = (await stream.take(1).toArray()) as { data: Buffer }[];
    expect([reply?.data.toString(), executor.authorization]).toEqual(["login:", "Bearer first"]);
    writeFileSync(tokenFile, "second\n");
    await executors.connect(open, "one");
    expect(executor.authorization).toBe("Bearer second");
  });

  it("goes on while the next one goes to an executor with another certificate", async () => {
    const first = await executors.connect(open, "one");
    const port = executor.port;
    const successor = ownCertificate();
    await annotate("one", successor.certificate);
    await expect(executors.connect(open, "one")).rejects.toMatchObject({ code: 503 });
    const received: Buffer[] = [];
    first.on("data", ({ data }: { data: Buffer }) => received.push(data));
    await executor.guests[0]?.send(Buffer.from("still here"));
    await eventually(() => Buffer.concat(received).toString() === "still here", { what: "the stream goes on" });
    await annotate("one", certificate.certificate);
    await executors.connect(open, "one");
    expect([executor.guests.length, executor.port]).toEqual([2, port]);
  });

  it("goes on when the executor announces its next certificate beside the present one", async () => {
    await annotate("one", ownCertificate().certificate + certificate.certificate);
    await executors.connect(open, "one");
    expect(executor.guests).toHaveLength(1);
  });

  it("comes from the pod that stays when there are two", async () => {
    await client.delete(pods, { namespace: "kubevirt", name: "executor-one" }, { gracePeriodSeconds: 0 });
    await aPod("leaving", { podIP: "127.0.0.9" });
    await aPod("other", { podIP: "127.0.0.8", own: { "app.kubernetes.io/name": "another" } });
    await client.delete(pods, { namespace: "kubevirt", name: "leaving" }, { gracePeriodSeconds: 600 });
    await aPod("staying", {});
    await executors.connect(open, "one");
    expect(executor.guests).toHaveLength(1);
  });
});

describe("a viewer is told", () => {
  const missing = (node: string) => `virtualmachineinstance default/web cannot be reached: ${node}`;

  test.each([
    { when: "its node is gone", node: "gone", says: missing("its node gone is gone") },
    { when: "its status names no node", node: undefined, says: missing("its status names no node") },
    { when: "no executor runs there", node: "bare", says: missing("no executor runs on its node bare") },
    {
      when: "the node has no certificate",
      node: "mute",
      says: missing(`node mute has no annotation ${annotation.executorCertificate}: its executor`),
    },
    {
      when: "the executor has another",
      node: "other",
      says: /default\/web cannot be reached: the executor of node other/,
    },
  ])("with 503 that $when", async ({ node, says }) => {
    await aNode("bare");
    await aNode("mute");
    await aNode("other", ownCertificate().certificate);
    for (const nodeName of ["mute", "other"]) await aPod(`executor-${nodeName}`, { nodeName });
    const refusal = executors.connect(open, node);
    await expect(refusal).rejects.toMatchObject({ code: 503 });
    await expect(refusal).rejects.toThrow(says);
    expect(executor.guests).toEqual([]);
  });

  it("with 503 that the executor is away, and nothing of it once it is back", async () => {
    executor.stop();
    await expect(executors.connect(open, "one")).rejects.toMatchObject({
      code: 503,
      message: expect.stringContaining(`the executor of node one (127.0.0.1:${executor.port}) is away`),
    });
  });

  it("of one that has the trusted certificate's name and authority, but not its key: that it is away", async () => {
    const authority = issueCertificate({ ...validity(), commonName: "executor", isAuthority: true });
    const impostor = issueCertificate({ ...validity(), commonName: "executor", issuer: authority });
    const other = await startScriptedExecutor("127.0.0.1", impostor);
    const there = executorsAt(other.port);
    await annotate("one", authority.certificate);
    await expect(there.connect(open, "one")).rejects.toMatchObject({ code: 503 });
    expect(other.authorization).toBeUndefined();
    there.close();
    other.stop();
  });

  test.each([
    { grpc: status.UNAUTHENTICATED, code: 500, says: / of node one .* refuses this gateway: no$/ },
    { grpc: status.PERMISSION_DENIED, code: 500, says: / of node one .* refuses this gateway: no$/ },
    { grpc: status.NOT_FOUND, code: 404, says: /^no$/ },
  ])("with $code when the executor says $grpc", async ({ grpc, code, says }) => {
    executor.refusal = { code: grpc, details: "no" };
    const message = expect.stringMatching(says);
    await expect(executors.connect(open, "one")).rejects.toMatchObject({ code, message });
  });
});

const validity = () => ({ notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) });
