// Pods: binding, graceful deletion, logs, what may change.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { inDefault, pod } from "./testing/samples.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    async *podLog({ pod: { metadata }, container, tailLines, follow }) {
      yield `${metadata.name} ${container}\n`;
      yield JSON.stringify({ tailLines, follow });
    },
  });
});
afterAll(() => server.close());

const pods = inDefault("pods");

const bind = (name: string, node = "n1") =>
  server.post(`${pods}/${name}/binding`, {
    ...{ apiVersion: "v1", kind: "Binding", metadata: { name } },
    target: { apiVersion: "v1", kind: "Node", name: node },
  });

async function started(name: string, spec: object = {}): Promise<void> {
  expect((await server.post(pods, pod(name, spec))).code).toBe(201);
  expect((await bind(name)).code).toBe(201);
  await server.patch(`${pods}/${name}/status`, { status: { phase: "Running" } });
}

test("a new pod has its defaults", async () => {
  const resources = { limits: { cpu: "1", memory: "64Mi", "devices.kubevirt.io/kvm": "1" } };
  const { body } = await server.post(pods, pod("new", { containers: [{ name: "c", image: "a/b", resources }] }));
  expect(body.status).toEqual({ phase: "Pending", qosClass: "Guaranteed" });
  expect(body.spec).toMatchObject({ restartPolicy: "Always", terminationGracePeriodSeconds: 30 });
  expect(body.spec.containers[0]).toMatchObject({
    imagePullPolicy: "Always",
    resources: { requests: resources.limits },
  });
});

describe("binding", () => {
  test("puts a pod on a node, once", async () => {
    await server.post(pods, pod("bound"));
    expect((await bind("bound")).code).toBe(201);
    const { body } = await server.get(`${pods}/bound`);
    expect(body.spec.nodeName).toBe("n1");
    expect(body.status.conditions).toMatchObject([{ type: "PodScheduled", status: "True" }]);
    expect((await bind("bound", "n2")).body).toMatchObject({ code: 409, reason: "Conflict" });
    expect((await bind("absent")).code).toBe(404);
    const selected = await server.get(`/api/v1/pods?fieldSelector=spec.nodeName%3Dn1,status.phase!%3DFailed`);
    expect(selected.body.items).toHaveLength(1);
  });
});

describe("deletion", () => {
  test("a pod without a node goes at once", async () => {
    await server.post(pods, pod("unbound"));
    await server.delete(`${pods}/unbound`);
    expect((await server.get(`${pods}/unbound`)).code).toBe(404);
  });

  test("a pod that runs gets its grace, and goes when its node says so", async () => {
    await started("graceful", { terminationGracePeriodSeconds: 40 });
    const before = Date.now();
    const { code, body } = await server.delete(`${pods}/graceful`);
    expect([code, body.metadata.deletionGracePeriodSeconds]).toEqual([200, 40]);
    expect(Date.parse(body.metadata.deletionTimestamp) - before).toBeGreaterThan(38_000);
    const again = await server.delete(`${pods}/graceful`);
    expect(again.body.metadata).toEqual(body.metadata);
    const longer = await server.delete(`${pods}/graceful`, { gracePeriodSeconds: 100 });
    expect(longer.body.metadata.deletionGracePeriodSeconds).toBe(40);
    const shorter = await server.delete(`${pods}/graceful`, { gracePeriodSeconds: 10 });
    expect(shorter.body.metadata.deletionGracePeriodSeconds).toBe(10);
    expect((await server.patch(`${pods}/graceful/status`, { status: { phase: "Succeeded" } })).code).toBe(200);
    expect((await server.get(`${pods}/graceful`)).code).toBe(200);
    await server.delete(`${pods}/graceful`, { gracePeriodSeconds: 0 });
    expect((await server.get(`${pods}/graceful`)).code).toBe(404);
  });

  test("a finalizer outlives the grace", async () => {
    await started("finalized");
    await server.patch(`${pods}/finalized`, { metadata: { finalizers: ["example.com/hold"] } });
    await server.delete(`${pods}/finalized`, { gracePeriodSeconds: 0 });
    expect((await server.get(`${pods}/finalized`)).body.metadata.deletionGracePeriodSeconds).toBe(0);
    await server.patch(`${pods}/finalized`, { metadata: { finalizers: null } });
    expect((await server.get(`${pods}/finalized`)).code).toBe(404);
  });

  test("a pod that has ended goes at once", async () => {
    await started("ended");
    await server.patch(`${pods}/ended/status`, { status: { phase: "Failed" } });
    await server.delete(`${pods}/ended`);
    expect((await server.get(`${pods}/ended`)).code).toBe(404);
  });
});

describe("log", () => {
  test("comes from the pod runner", async () => {
    await server.post(pods, pod("logged"));
    const { text, headers } = await server.get(`${pods}/logged/log?tailLines=5&follow=true`);
    expect(headers["content-type"]).toContain("text/plain");
    expect(text).toBe('logged main\n{"tailLines":5,"follow":true}');
    expect((await server.get(`${pods}/logged/log?limitBytes=6`)).text).toBe("logged");
  });

  test("of several containers one must be named", async () => {
    const containers = ["a", "b"].map((name) => ({ name, image: "i:1" }));
    await server.post(pods, pod("several", { containers }));
    const { body } = await server.get(`${pods}/several/log`);
    expect(body.message).toBe("a container name must be specified for pod several, choose one of: [a b]");
    expect((await server.get(`${pods}/several/log?container=c`)).code).toBe(400);
    expect((await server.get(`${pods}/several/log?container=b`)).code).toBe(200);
  });
});

test.each([
  { when: "the spec changes", path: "changed", patch: { spec: { containers: [{ name: "main", image: "other" }] } } },
  { when: "the spec is withdrawn", path: "changed", patch: { spec: null } },
])("$when: refused", async ({ path, patch }) => {
  await server.post(pods, pod(path));
  expect((await server.patch(`${pods}/${path}`, patch)).code).toBe(422);
});

test("a mount without a volume is refused by its path", async () => {
  const volumeMounts = [{ name: "missing", mountPath: "/x" }];
  const { body } = await server.post(
    pods,
    pod("mounting", { containers: [{ name: "c", image: "i", volumeMounts }] }),
  );
  expect(body.details.causes).toMatchObject([{ field: "spec.containers[0].volumeMounts[0].name" }]);
});
