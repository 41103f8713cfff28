// PersistentVolumeClaims: their defaults, what is refused, what may change, how they end.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { inDefault } from "./testing/samples.ts";
import { startTestServer, type TestServer } from "./testing/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const claims = inDefault("persistentvolumeclaims");
const size = { requests: { storage: "1Gi" } };
const claim = (name: string, spec: object = {}) => ({
  ...{ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name } },
  spec: { accessModes: ["ReadWriteOnce"], resources: size, ...spec },
});

test("a new claim has its defaults, and waits", async () => {
  const { body } = await server.post(claims, claim("new"));
  expect(body.spec).toMatchObject({ storageClassName: "local", volumeMode: "Filesystem" });
  expect(body.status).toEqual({ phase: "Pending" });
  expect(body.metadata.finalizers).toEqual(["kubernetes.io/pvc-protection"]);
});

test.each([
  { when: "shared between machines", spec: { accessModes: ["ReadWriteMany"] }, says: "spec.accessModes[0]" },
  { when: "read on many machines", spec: { accessModes: ["ReadOnlyMany"] }, says: "spec.accessModes[0]" },
  { when: "without an access mode", spec: { accessModes: [] }, says: "spec.accessModes" },
  { when: "of another class", spec: { storageClassName: "fast" }, says: "spec.storageClassName" },
  { when: "with a selector", spec: { selector: { matchLabels: { a: "b" } } }, says: "spec.selector: Forbidden" },
  { when: "of a given volume", spec: { volumeName: "mine" }, says: "spec.volumeName: Forbidden" },
  { when: "with a source", spec: { dataSource: { kind: "a", name: "b" } }, says: "spec.dataSource: Forbidden" },
  { when: "without a size", spec: { resources: {} }, says: "spec.resources[storage]: Required value" },
  {
    when: "of no size",
    spec: { resources: { requests: { storage: "0" } } },
    says: 'spec.resources[storage]: Invalid value: "0": must be greater than zero',
  },
  { when: "of less than nothing", spec: { resources: { requests: { storage: "-1Gi" } } }, says: "greater than zero" },
])("a claim $when is refused", async ({ spec, says }) => {
  const { code, body } = await server.post(claims, claim("refused", spec));
  expect(code).toBe(422);
  expect(body.message).toContain(says);
});

test("a claim has the uid that it is given here, whatever is asked for", async () => {
  const asked = claim("own-uid");
  const { body } = await server.post(claims, { ...asked, metadata: { ...asked.metadata, uid: "../../x" } });
  expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
});

test("its storage is named once, and nothing else changes", async () => {
  await server.post(claims, claim("fixed"));
  const change = async (spec: object) => (await server.patch(`${claims}/fixed`, { spec })).code;
  expect(await change({ volumeName: "pvc-1" })).toBe(200);
  expect(await change({ volumeName: "pvc-2" })).toBe(422);
  expect(await change({ resources: { requests: { storage: "2Gi" } } })).toBe(422);
});

test("a claim that is deleted stays until its storage is let go", async () => {
  await server.post(claims, claim("leaving"));
  await server.delete(`${claims}/leaving`);
  expect((await server.get(`${claims}/leaving`)).body.metadata.deletionTimestamp).toBeDefined();
  await server.patch(`${claims}/leaving`, { metadata: { finalizers: [] } });
  expect((await server.get(`${claims}/leaving`)).code).toBe(404);
});

test("a table shows what kubectl shows", async () => {
  await server.post(claims, claim("shown"));
  await server.patch(`${claims}/shown`, { spec: { volumeName: "pvc-7" } });
  const status = { phase: "Bound", accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" } };
  await server.patch(`${claims}/shown/status`, { status });
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const { body } = await server.get(`${claims}/shown`, { accept });
  expect(body.rows[0].cells.slice(0, 6)).toEqual(["shown", "Bound", "pvc-7", "1Gi", "RWO", "local"]);
});
