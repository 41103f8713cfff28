import { describe, expect, test } from "@jest/globals";
import type { JsonObject } from "../json.ts";
import { aDeployment } from "../test-schema.ts";
import { apply, fieldsOf, withSpec } from "./test-steps.ts";

describe("a status endpoint", () => {
  test("writes the status and nothing else", () => {
    const live = apply(undefined, withSpec({ replicas: 1 }), { by: "a" });
    const applied = aDeployment({
      metadata: { labels: { a: "b" } },
      spec: { replicas: 9 },
      status: { phase: "Running" },
    });
    const result = apply(live, applied, { by: "node", subresource: "status" });
    expect(result.spec).toEqual({ replicas: 1 });
    expect((result.metadata as JsonObject).labels).toBeUndefined();
    expect(fieldsOf(result)["node Apply"]).toEqual({ "f:status": { "f:phase": {} } });
  });

  test("leaves the status alone on the main endpoint of a resource that has one", () => {
    const applied = aDeployment({ spec: { replicas: 1 }, status: { phase: "Running" } });
    const result = apply(undefined, applied, { by: "a", resetFields: ["status"] });
    expect(result.status).toBeUndefined();
    expect(fieldsOf(result)).toEqual({ "a Apply": { "f:spec": { "f:replicas": {} } } });
  });

  test("merges conditions of several writers", () => {
    const ready = aDeployment({ status: { conditions: [{ type: "Ready", status: "True" }] } });
    const alive = aDeployment({ status: { conditions: [{ type: "Alive", status: "True" }] } });
    const first = apply(withSpec({}), ready, { by: "a", subresource: "status" });
    const both = apply(first, alive, { by: "b", subresource: "status" });
    const result = apply(both, aDeployment({ status: {} }), { by: "a", subresource: "status" });
    expect(result.status).toEqual({ conditions: [{ type: "Alive", status: "True" }] });
  });
});
