// The documents are made for kubectl, so a real one reads them, when there is one on the PATH.
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ResourceDefinition } from "../../resource.ts";
import type { Schema } from "../schema.ts";
import { openApiV2 } from "./v2.ts";
import { openApiV2Protobuf, openApiV2ProtobufType } from "./v2-protobuf.ts";
import { openApiV3, openApiV3Index } from "./v3.ts";

const text = (description: string): Schema => ({ type: "string", description });

const machine: Schema = {
  type: "object",
  description: "A test machine.",
  required: ["spec"],
  properties: {
    spec: {
      type: "object",
      description: "What is wanted.",
      required: ["size"],
      properties: {
        size: { "x-kubernetes-int-or-string": true, description: "How big." },
        replicas: { type: "integer", format: "int32", minimum: 0, description: "How many." },
        template: {
          type: "object",
          description: "The mould.",
          properties: {
            disks: {
              type: "array",
              description: "The disks.",
              items: {
                type: "object",
                properties: {
                  name: text("Name of the disk."),
                  bus: { ...text("The bus."), enum: ["virtio", "sata"] },
                },
              },
            },
            labels: { type: "object", additionalProperties: { type: "string" }, description: "The labels." },
            anything: { "x-kubernetes-preserve-unknown-fields": true, description: "As you like." },
          },
        },
      },
    },
    status: { type: "object", properties: { phase: text("Where it stands.") } },
  },
};

const common = { shortNames: [], categories: [], columns: [], selectableFields: [] };

const definitions: ResourceDefinition[] = [
  {
    ...common,
    ...{ group: "test.knvirt.dev", version: "v1", kind: "Machine", listKind: "MachineList" },
    ...{ plural: "machines", singular: "machine", namespaced: true, schema: machine },
    subresources: {
      status: true,
      scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" },
    },
  },
  {
    ...common,
    ...{ group: "", version: "v1", kind: "Namespace", listKind: "NamespaceList" },
    ...{ plural: "namespaces", singular: "namespace", namespaced: false },
    schema: { type: "object", description: "A place for objects.", properties: {} },
    subresources: { status: true },
  },
];

const resources = (group: string) =>
  definitions
    .filter((one) => one.group === group)
    .map(({ plural, singular, kind, namespaced }) => ({
      ...{ name: plural, singularName: singular, kind, namespaced },
      verbs: ["get", "list", "create", "patch"],
    }));

const groupVersion = { groupVersion: "test.knvirt.dev/v1", version: "v1" };

const group = { name: "test.knvirt.dev", versions: [groupVersion], preferredVersion: groupVersion };

const documents: Record<string, object> = {
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/apis": { kind: "APIGroupList", apiVersion: "v1", groups: [group] },
  "/api/v1": { kind: "APIResourceList", groupVersion: "v1", resources: resources("") },
  "/apis/test.knvirt.dev/v1": {
    ...{ kind: "APIResourceList", groupVersion: "test.knvirt.dev/v1" },
    resources: resources("test.knvirt.dev"),
  },
  "/version": { major: "1", minor: "36", gitVersion: "v1.36.0" },
  "/openapi/v3": openApiV3Index(definitions),
  "/openapi/v3/api/v1": openApiV3(definitions, "", "v1"),
  "/openapi/v3/apis/test.knvirt.dev/v1": openApiV3(definitions, "test.knvirt.dev", "v1"),
};

/** What kubectl wrote, by `METHOD path?query`. */
const writes: string[] = [];

const server: Server = createServer((request, response) => {
  const [path = ""] = (request.url ?? "").split("?");
  const document = documents[path];
  if (request.method !== "GET") writes.push(`${request.method} ${request.url}`);
  if (path === "/openapi/v2" && withV2) {
    response.setHeader("Content-Type", openApiV2ProtobufType);
    response.end(openApiV2Protobuf(openApiV2(definitions)));
    return;
  }
  response.setHeader("Content-Type", "application/json");
  response.statusCode = document && (withV3 || !path.startsWith("/openapi/v3")) ? 200 : 404;
  const notFound = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "NotFound", code: 404 };
  response.end(JSON.stringify(response.statusCode === 200 ? document : notFound));
});

let withV2 = true;
let withV3 = true;
const cache = mkdtempSync(join(tmpdir(), "kubectl-"));

const kubectlBinary = process.env.KUBECTL ?? "kubectl";
const isModern = (): boolean =>
  spawnSync(kubectlBinary, ["explain", "--help"]).stdout?.includes("plaintext-openapiv2");
const isThere = spawnSync(kubectlBinary, ["version", "--client"]).status === 0;

interface Outcome {
  code: number | null;
  output: string;
}

function kubectl(args: string[], input = ""): Promise<Outcome> {
  const { port } = server.address() as AddressInfo;
  const options = [`--server=http://127.0.0.1:${port}`, `--cache-dir=${cache}`, "--kubeconfig=/dev/null"];
  return new Promise((resolve) => {
    const child = execFile(kubectlBinary, [...options, ...args], (error, stdout, stderr) =>
      resolve({ code: error ? (error.code as number) : 0, output: stdout + stderr }),
    );
    child.stdin?.end(input);
  });
}

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(async () => {
  rmSync(cache, { recursive: true });
  await new Promise((resolve) => server.close(resolve));
});

(isThere ? describe : describe.skip)("kubectl", () => {
  const documentVersions = isModern() ? ["v3", "v2"] : ["v2"];

  describe.each(documentVersions)("with OpenAPI %s", (version) => {
    const format = isModern() && version === "v2" ? ["--output=plaintext-openapiv2"] : [];
    beforeAll(() => {
      withV2 = version === "v2";
      withV3 = version === "v3";
    });

    test.each([
      { field: "machines", shows: ["A test machine.", "spec", "metadata", "Machine"] },
      { field: "machine.spec", shows: ["What is wanted.", "size", "-required-", "How many."] },
      { field: "machine.spec.template.disks", shows: ["The disks.", "Name of the disk."] },
      { field: "machine.spec.template.disks.bus", shows: ["The bus."] },
      { field: "machine.metadata.ownerReferences.uid", shows: ["UID of the owner."] },
      { field: "namespace.metadata.labels", shows: ["Keys and values by which objects are organised"] },
    ])("explains $field", async ({ field, shows }) => {
      const { code, output } = await kubectl(["explain", ...format, field]);
      expect({ code, missing: shows.filter((words) => !output.includes(words)), output }).toEqual({
        ...{ code: 0, missing: [], output },
      });
    });

    test("explains recursively down to the leaves", async () => {
      const { output } = await kubectl(["explain", ...format, "machine", "--recursive"]);
      for (const field of ["bus", "anything", "labels", "ownerReferences", "blockOwnerDeletion", "phase"])
        expect(output).toMatch(new RegExp(`^\\s+${field}\\s+<`, "m"));
    });
  });

  const manifest = (spec: object) =>
    JSON.stringify({ apiVersion: "test.knvirt.dev/v1", kind: "Machine", metadata: { name: "m" }, spec });

  // Since 1.25 kubectl leaves the refusals to a server that offers fieldValidation.
  (isModern() ? test.skip : test).each([
    { when: "an integer is an int-or-string", spec: { size: 1 }, refused: undefined },
    { when: "a string is an int-or-string", spec: { size: "1" }, refused: undefined },
    { when: "unknown fields may be kept", spec: { size: 1, template: { anything: { a: [1] } } }, refused: undefined },
    { when: "a field is unknown", spec: { size: 1, sizes: 2 }, refused: /unknown field "sizes"/ },
    { when: "a deep field is unknown", spec: { size: 1, template: { disks: [{ nam: "a" }] } }, refused: /"nam"/ },
    { when: "a required field is missing", spec: { replicas: 1 }, refused: /required field "size"/ },
    { when: "a type is wrong", spec: { size: 1, replicas: "three" }, refused: /invalid type/ },
  ])("validates on the client with OpenAPI v2: $when", async ({ spec, refused }) => {
    withV2 = true;
    withV3 = false;
    const { output } = await kubectl(["create", "--validate=true", "--dry-run=client", "-f", "-"], manifest(spec));
    if (refused) expect(output).toMatch(refused);
    else expect(output).toContain("machine.test.knvirt.dev/m created (dry run)");
  });

  (isModern() ? test : test.skip)("leaves the validation to a server whose v3 document offers it", async () => {
    withV2 = false;
    withV3 = true;
    writes.length = 0;
    await kubectl(["create", "--validate=strict", "-f", "-"], manifest({ sizes: 1 }));
    expect(writes).toEqual([expect.stringContaining("fieldValidation=Strict")]);
  });
});
