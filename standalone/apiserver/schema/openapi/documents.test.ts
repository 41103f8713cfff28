import { expect, test } from "@jest/globals";
import type { ResourceDefinition } from "../../resource.ts";
import { definitionName, groupVersionPath } from "./names.ts";
import { openApiV2 } from "./v2.ts";
import { openApiV3, openApiV3Index } from "./v3.ts";

test.each([
  { group: "", version: "v1", kind: "Pod", name: "io.k8s.api.core.v1.Pod", path: "api/v1" },
  { group: "apps", version: "v1", kind: "Deployment", name: "io.k8s.api.apps.v1.Deployment", path: "apis/apps/v1" },
  {
    ...{ group: "kubevirt.io", version: "v1", kind: "VirtualMachine" },
    ...{ name: "io.kubevirt.v1.VirtualMachine", path: "apis/kubevirt.io/v1" },
  },
  {
    ...{ group: "rbac.authorization.k8s.io", version: "v1", kind: "Role" },
    ...{ name: "io.k8s.api.rbac.v1.Role", path: "apis/rbac.authorization.k8s.io/v1" },
  },
])("$kind is $name below $path", ({ name, path, ...kind }) => {
  expect([definitionName(kind), groupVersionPath(kind)]).toEqual([name, path]);
});

const widgets: ResourceDefinition = {
  ...{ group: "test.knvirt.dev", version: "v1", kind: "Widget", listKind: "WidgetList", plural: "widgets" },
  ...{ singular: "widget", namespaced: true, shortNames: [], categories: [], columns: [], selectableFields: [] },
  schema: { type: "object", properties: { spec: { type: "object", properties: { a: { type: "string" } } } } },
  subresources: { status: true },
};

const references = (document: object): string[] =>
  [...JSON.stringify(document).matchAll(/"\$ref":"#\/(?:components\/schemas|definitions)\/([^"]+)"/g)].map(
    ([, name = ""]) => name,
  );

test("every reference of the documents leads somewhere", () => {
  const v3 = openApiV3([widgets], "test.knvirt.dev", "v1");
  const v2 = openApiV2([widgets]);
  expect(references(v3).filter((name) => !(name in v3.components.schemas))).toEqual([]);
  expect(references(v2).filter((name) => !(name in v2.definitions))).toEqual([]);
});

test("operations have unique ids that follow Kubernetes' scheme", () => {
  const { paths } = openApiV2([widgets]);
  const ids = [...JSON.stringify(paths).matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain("readTestKnvirtDevV1NamespacedWidget");
  expect(ids).toContain("deleteTestKnvirtDevV1CollectionNamespacedWidget");
  expect(ids).toContain("listTestKnvirtDevV1WidgetForAllNamespaces");
  expect(ids).toContain("replaceTestKnvirtDevV1NamespacedWidgetStatus");
});

test("the index points to one document per group-version, and its hash follows the content", () => {
  const path = "apis/test.knvirt.dev/v1";
  const before = openApiV3Index([widgets]).paths;
  const after = openApiV3Index([{ ...widgets, schema: { type: "object" } }]).paths;
  expect(Object.keys(before)).toEqual([path]);
  expect(before[path]?.serverRelativeURL).toMatch(new RegExp(`^/openapi/v3/${path}\\?hash=[0-9A-F]{64}$`));
  expect(before[path]?.serverRelativeURL).not.toBe(after[path]?.serverRelativeURL);
});
