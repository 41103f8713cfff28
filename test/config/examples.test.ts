// The examples fit what they are examples of.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lifecycleKinds } from "@knvirt/api";
import { lifecycleEvent } from "@knvirt/node-executor";
import { parseAllDocuments } from "yaml";

const folder = join(import.meta.dirname, "..", "..", "examples", "on-guest-panic");
const text = (name: string): string => readFileSync(join(folder, name), "utf8");
const documents = parseAllDocuments(text("knative.yaml"));
// biome-ignore lint/suspicious/noExplicitAny: manifests of six kinds, read field by field
const found = (kind: string): any => documents.map((each) => each.toJS()).find((object) => object.kind === kind);
const types = lifecycleKinds.map((kind) => lifecycleEvent(kind).type);

test("on-guest-panic is sent, and reacts to, a type that is sent", () => {
  const { type } = found("Trigger").spec.filter.attributes;
  expect(types).toContain(type);
  expect(text("function.js")).toContain(`"${type}"`);
});

test("on-guest-panic may do what it does and no more", () => {
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  expect(found("Role").rules).toEqual([
    { apiGroups: ["kubevirt.io"], resources: ["virtualmachines"], verbs: ["get", "patch"] },
  ]);
  const { subscriber } = found("Trigger").spec;
  expect(found("Service")).toMatchObject({ metadata: { name: subscriber.ref.name }, kind: subscriber.ref.kind });
});
