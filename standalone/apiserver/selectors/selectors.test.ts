// Label selectors and field selectors as tables.
import { describe, expect, test } from "@jest/globals";
import type { KubernetesObject } from "../object.ts";
import { fieldPredicate, parseFieldSelector } from "./field-selector.ts";
import { parseLabelSelector } from "./label-selector.ts";

describe("label selector", () => {
  const labels = { app: "web", tier: "front", "example.com/size": "3", empty: "" };

  test.each([
    { selector: "", want: true },
    { selector: "app", want: true },
    { selector: "!app", want: false },
    { selector: "! other", want: true },
    { selector: "app=web", want: true },
    { selector: "app==web", want: true },
    { selector: "app = web , tier = front", want: true },
    { selector: "app=web,tier=back", want: false },
    { selector: "app!=web", want: false },
    { selector: "other!=web", want: true },
    { selector: "app in (web, db)", want: true },
    { selector: "app in (db)", want: false },
    { selector: "other in (db)", want: false },
    { selector: "app notin (db,x)", want: true },
    { selector: "other notin (db)", want: true },
    { selector: "app notin (web)", want: false },
    { selector: "app in (web),tier notin (back,middle),!x", want: true },
    { selector: "example.com/size>2", want: true },
    { selector: "example.com/size<3", want: false },
    { selector: "empty=", want: true },
    { selector: "empty in ()", want: true },
    { selector: "constructor", want: false },
  ])("$selector: $want", ({ selector, want }) => expect(parseLabelSelector(selector)(labels)).toBe(want));

  test.each(["a b", "a in web", "=x", "a in (b", "a==b==c", "-a", "a=b c"])("%s is refused", (selector) =>
    expect(() => parseLabelSelector(selector)).toThrow("unable to parse requirement"),
  );
});

describe("field selector", () => {
  const object = {
    ...{ apiVersion: "v1", kind: "Pod", metadata: { name: "a", namespace: "ns" } },
    ...{ spec: { nodeName: "n1" }, status: {} },
  } as unknown as KubernetesObject;
  const selectable = [".spec.nodeName", ".status.phase"];
  const holds = (selector: string) => fieldPredicate(parseFieldSelector(selector), selectable)(object);

  test.each([
    { selector: "metadata.name=a", want: true },
    { selector: "metadata.name=a,metadata.namespace==ns", want: true },
    { selector: "metadata.name!=a", want: false },
    { selector: "spec.nodeName=n1", want: true },
    { selector: "spec.nodeName!=n1", want: false },
    { selector: "status.phase!=Failed", want: true },
    { selector: "status.phase=", want: true },
    { selector: "metadata.name=a\\,b", want: false },
  ])("$selector: $want", ({ selector, want }) => expect(holds(selector)).toBe(want));

  test.each([
    { selector: "spec.other=1", message: "field label not supported: spec.other" },
    { selector: "spec", message: "invalid selector" },
  ])("$selector is refused", ({ selector, message }) => expect(() => holds(selector)).toThrow(message));
});
