// What clients learn about the server: versions, groups, resources, tables.
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { configMap, definitions, inDefault, pod, widget, widgetDefinition, widgets } from "../testing/samples.ts";
import { type Json, startTestServer, type TestServer } from "../testing/test-server.ts";
import { aggregatedType } from "./aggregated.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.post(definitions, widgetDefinition());
  await server.post(widgets, widget("w"));
});
afterAll(() => server.close());

const names = (list: Json[]): string[] => list.map(({ name }) => name);

describe("groups and resources", () => {
  test("one document for each group and version", async () => {
    expect((await server.get("/version")).body.gitVersion).toMatch(/^v1\.\d+\.\d+\+knvirt$/);
    expect((await server.get("/api")).body.versions).toEqual(["v1"]);
    expect(names((await server.get("/apis")).body.groups)).toContain("example.com");
    const group = (await server.get("/apis/example.com")).body;
    expect(group.preferredVersion.version).toBe("v1");
    expect(group.versions.map(({ version }: Json) => version)).toEqual(["v1", "v1beta1"]);
    const { resources } = (await server.get("/apis/example.com/v1")).body;
    expect(names(resources)).toEqual(["widgets", "widgets/status", "widgets/scale"]);
    expect(resources[0]).toMatchObject({
      kind: "Widget",
      singularName: "widget",
      shortNames: ["wd"],
      categories: ["all"],
    });
    expect(names((await server.get("/api/v1")).body.resources)).toEqual(
      expect.arrayContaining(["pods/binding", "pods/log"]),
    );
    expect((await server.get("/apis/absent.example.com")).code).toBe(404);
  });

  test("all groups in one document", async () => {
    const { body, headers } = await server.get("/apis", { accept: `${aggregatedType},application/json` });
    expect(headers["content-type"]).toBe(aggregatedType);
    const group = body.items.find(({ metadata }: Json) => metadata.name === "example.com");
    expect(group.versions[0]).toMatchObject({
      version: "v1",
      freshness: "Current",
      resources: [
        {
          resource: "widgets",
          scope: "Namespaced",
          responseKind: { group: "example.com", version: "v1", kind: "Widget" },
          subresources: [{ subresource: "status" }, { subresource: "scale", responseKind: { group: "autoscaling" } }],
        },
      ],
    });
  });

  test.each(["/apis", "/api/v1", "/openapi/v2", "/openapi/v3"])("%s is not sent twice", async (path) => {
    const { headers } = await server.get(path);
    const again = await server.get(path, { "if-none-match": String(headers.etag) });
    expect([again.code, again.text]).toEqual([304, ""]);
  });

  test("OpenAPI describes custom kinds", async () => {
    const index = (await server.get("/openapi/v3")).body.paths;
    const { code, body } = await server.get(index["apis/example.com/v1"].serverRelativeURL);
    expect(code).toBe(200);
    expect(JSON.stringify(body)).toContain('"kind":"Widget"');
  });
});

describe("tables", () => {
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
  const cellsOf = async (path: string): Promise<unknown[]> => (await server.get(path, { accept })).body.rows[0].cells;

  test("a custom kind's columns", async () => {
    const { body } = await server.get(`${widgets}?includeObject=None`, { accept });
    expect(body).toMatchObject({ kind: "Table", apiVersion: "meta.k8s.io/v1" });
    expect(names(body.columnDefinitions)).toEqual(["Name", "Size", "Age"]);
    expect(body.rows).toEqual([{ cells: ["w", 3, expect.stringMatching(/^\d+s$/)] }]);
  });

  test("rows carry metadata unless the whole object is asked for", async () => {
    const metadata = (await server.get(widgets, { accept })).body.rows[0].object;
    expect(metadata).toMatchObject({ kind: "PartialObjectMetadata", metadata: { name: "w" } });
    const object = (await server.get(`${widgets}?includeObject=Object`, { accept })).body.rows[0].object;
    expect(object).toMatchObject({ kind: "Widget", spec: { size: 3 } });
  });

  test("columns of built-in kinds", async () => {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, stringData: { a: "1" } };
    await server.post(inDefault("secrets"), secret);
    await server.post(inDefault("configmaps"), configMap("c", { data: { a: "1", b: "2" } }));
    await server.post(inDefault("pods"), pod("p"));
    await server.post("/api/v1/nodes", {
      ...{ apiVersion: "v1", kind: "Node", metadata: { name: "n" } },
      status: { conditions: [{ type: "Ready", status: "True" }], nodeInfo: { kubeletVersion: "v1" } },
    });
    await server.post(inDefault("events"), {
      ...{
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: "e" },
        reason: "Started",
        message: "it runs",
        type: "Normal",
      },
      involvedObject: { kind: "Pod", name: "p", namespace: "default" },
    });
    const age = expect.stringMatching(/^\d+s$/);
    expect(await cellsOf(`${inDefault("secrets")}/s`)).toEqual(["s", "Opaque", 1, age]);
    expect(await cellsOf(`${inDefault("configmaps")}/c`)).toEqual(["c", 2, age]);
    expect((await cellsOf(`${inDefault("pods")}/p`)).slice(0, 5)).toEqual(["p", "0/1", "Pending", "0", age]);
    expect((await cellsOf("/api/v1/nodes/n")).slice(0, 5)).toEqual(["n", "Ready", "<none>", age, "v1"]);
    const event = await cellsOf(`${inDefault("events")}/e`);
    expect([event[1], event[2], event[3], event[6]]).toEqual(["Normal", "Started", "pod/p", "it runs"]);
  });

  test("the other view of an event", async () => {
    const { body } = await server.get("/apis/events.k8s.io/v1/namespaces/default/events/e");
    expect(body).toMatchObject({ apiVersion: "events.k8s.io/v1", note: "it runs", regarding: { name: "p" } });
    const selector = "fieldSelector=involvedObject.name%3Dp,involvedObject.kind%3DPod";
    expect((await server.get(`${inDefault("events")}?${selector}`)).body.items).toHaveLength(1);
    expect(
      (await server.get("/apis/events.k8s.io/v1/events?fieldSelector=regarding.name%3Dq")).body.items,
    ).toHaveLength(0);
  });

  test("metadata alone", async () => {
    const one = await server.get(`${widgets}/w`, {
      accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
    });
    expect(one.body).toEqual({
      kind: "PartialObjectMetadata",
      apiVersion: "meta.k8s.io/v1",
      metadata: expect.anything(),
    });
    const accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    expect((await server.get(widgets, { accept })).body).toMatchObject({
      kind: "PartialObjectMetadataList",
      items: [{}],
    });
  });
});

describe("a group that another process serves", () => {
  const group = "subresources.example.com";
  const apiService = {
    ...{ apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", metadata: { name: `v1.${group}` } },
    spec: { group, version: "v1", service: { namespace: "knvirt", name: "gateway" } },
  };
  const resources = [{ name: "widgets/console", singularName: "", namespaced: true, kind: "Widget", verbs: ["get"] }];
  let backend: Server;
  let front: TestServer;

  beforeAll(async () => {
    backend = createServer((request, response) => {
      const { url, method, headers } = request;
      const who = [headers["x-remote-user"], headers["x-remote-group"], headers.authorization ?? "no token"];
      const answer = url === `/apis/${group}/v1` ? { resources } : { url, method, who };
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    });
    backend.on("upgrade", (request, socket) => {
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\nhello ${request.headers["x-remote-user"]}`,
      );
      socket.on("data", (bytes: Buffer) => socket.end(`echo ${bytes}`));
    });
    const socketPath = join(server.dataDir, "gateway.sock");
    await new Promise<void>((resolve) => backend.listen(socketPath, resolve));
    front = await startTestServer({ serviceSockets: { "knvirt/gateway": socketPath } });
    await front.post("/apis/apiregistration.k8s.io/v1/apiservices", apiService);
  });
  afterAll(async () => {
    await front.close();
    backend.close();
    backend.closeAllConnections();
  });

  test("is listed with the others", async () => {
    expect(names((await front.get("/apis")).body.groups)).toContain(group);
    const { body } = await front.get("/apis", { accept: aggregatedType });
    const found = body.items.find(({ metadata }: Json) => metadata.name === group);
    expect(found.versions[0].resources).toMatchObject([
      { resource: "widgets", subresources: [{ subresource: "console" }] },
    ]);
    expect((await front.get(`/apis/${group}/v1`)).body.resources).toEqual(resources);
  });

  test("gets the request, and who asks", async () => {
    const headers = { "x-remote-user": "forged", "x-remote-group": "forged" };
    const { body } = await front.get(`/apis/${group}/v1/namespaces/default/widgets/w/console?a=b`, headers);
    expect(body).toEqual({
      url: `/apis/${group}/v1/namespaces/default/widgets/w/console?a=b`,
      method: "GET",
      who: ["admin", "system:masters, system:authenticated", "no token"],
    });
  });

  test("is asked for the path that we have read, not for another way to write it", async () => {
    const { body } = await front.get(`//%/../apis/${group}/v1/x?a=b`);
    expect(body).toMatchObject({ url: `//apis/${group}/v1/x?a=b` });
  });

  test("speaks websocket through us", async () => {
    const text = await front.upgrade(`/apis/${group}/v1/namespaces/default/widgets/w/console`, "ping");
    expect(text).toBe("hello adminecho ping");
  });

  test("is stale, and says so, when nobody serves it", async () => {
    await server.post("/apis/apiregistration.k8s.io/v1/apiservices", apiService);
    const { body } = await server.get("/apis", { accept: aggregatedType });
    const found = body.items.find(({ metadata }: Json) => metadata.name === group);
    expect(found.versions[0].freshness).toBe("Stale");
    const { code, body: status } = await server.get(`/apis/${group}/v1/widgets`);
    expect([code, status.reason]).toEqual([503, "ServiceUnavailable"]);
  });
});
