// The process as it is installed: options, sockets, who may read the metrics, and how it ends.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, it, test } from "@jest/globals";
import { issueCertificate } from "@knvirt/certificates";
import { nodes } from "@knvirt/kubernetes";
import { eventually } from "../test/support/eventually.ts";
import { startTestCluster, type TestCluster } from "./testing/api-server.ts";

let cluster: TestCluster;
let dir: string;
let executor: ChildProcess;

beforeAll(async () => {
  cluster = await startTestCluster();
  dir = mkdtempSync(join(tmpdir(), "knvirt-executor-"));
  const [key, certificate] = [join(dir, "tls.key"), join(dir, "tls.crt")];
  const [notBefore, notAfter] = [new Date(), new Date(Date.now() + 3_600_000)];
  const own = issueCertificate({ commonName: "localhost", names: ["localhost"], notBefore, notAfter });
  writeFileSync(key, own.key);
  writeFileSync(certificate, own.certificate);
  const args = {
    "--node-name": "node01",
    "--kubelet-dir": dir,
    "--state-dir": join(dir, "state"),
    "--metrics-listen": join(dir, "metrics.sock"),
    "--socket": join(dir, "executor.sock"),
    "--listen": "127.0.0.1:0",
    "--tls-cert": certificate,
    "--tls-key": key,
  };
  executor = spawn(
    process.execPath,
    [join(import.meta.dirname, "main.ts"), "--no-device-plugins", ...Object.entries(args).flat()],
    {
      env: { ...process.env, KUBECONFIG: cluster.kubeconfig, NODE_OPTIONS: "--no-warnings" },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  if (!executor.stdout) throw new Error("the executor's output is not piped");
  for await (const line of createInterface({ input: executor.stdout })) if (line.includes('"ready"')) break;
});
afterAll(async () => {
  executor.kill("SIGKILL");
  await cluster.close();
  rmSync(dir, { recursive: true });
});

interface Answer {
  code: number | undefined;
  text: string;
}

function ask(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const wire = { socketPath: join(dir, "metrics.sock"), path, headers, rejectUnauthorized: false, agent: false };
    const request = get(wire, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("end", () => resolve({ code: answer.statusCode, text }));
    });
    request.on("error", reject);
  });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test.each([
  { when: "without a token", headers: () => ({}), code: 401 },
  { when: "with a password", headers: () => ({ authorization: "Basic YTpi" }), code: 401 },
  { when: "with a token that nobody knows", headers: () => bearer("unknown"), code: 401 },
  { when: "with the administrator's token", headers: () => bearer(cluster.token), code: 200 },
])("answers $code to a scrape $when", async ({ headers, code }) => {
  expect((await ask("/metrics", headers())).code).toBe(code);
});

it("shows its metrics", async () => {
  const { text } = await ask("/metrics", bearer(cluster.token));
  expect(text).toContain('kubevirt_info{goversion="node v');
});

it("tells everybody that it lives, and nothing else", async () => {
  expect(await ask("/healthz")).toEqual({ code: 200, text: "ok\n" });
  expect((await ask("/other")).code).toBe(401);
  expect((await ask("/other", bearer(cluster.token))).code).toBe(404);
});

it("lets only root reach its sockets", () => {
  for (const socket of ["metrics.sock", "executor.sock"])
    expect(statSync(join(dir, socket)).mode & 0o777).toBe(0o600);
});

it("says that it is ready", async () => {
  expect(await ask("/readyz")).toEqual({ code: 200, text: "ok\n" });
});

const toldOfNode = async () => (await cluster.client.find(nodes, { name: "node01" }))?.metadata;

it("tells of its node once that is registered, and makes none", async () => {
  expect(await toldOfNode()).toBeUndefined();
  await cluster.client.create(nodes, { apiVersion: "v1", kind: "Node", metadata: { name: "node01" } });
  const { labels, annotations = {} } = await eventually(async () => {
    const metadata = await toldOfNode();
    return metadata?.labels && metadata;
  });
  expect(labels).toMatchObject({ "kubevirt.io/schedulable": "true" });
  expect(Date.parse(annotations["kubevirt.io/heartbeat"] ?? "")).toBeGreaterThan(Date.now() - 60_000);
  expect(annotations["knvirt.dev/executor-certificate"]).toMatch(/^-----BEGIN CERTIFICATE-----/);
});

it("ends in order when it is asked to, with a last word about its node", async () => {
  const exit = once(executor, "exit");
  executor.kill("SIGTERM");
  expect(await exit).toEqual([0, null]);
  expect((await toldOfNode())?.labels).toMatchObject({ "kubevirt.io/schedulable": "false" });
});
