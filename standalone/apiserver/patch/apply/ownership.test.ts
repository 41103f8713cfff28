import { describe, expect, test } from "@jest/globals";
import { ApplyConflict } from "../errors.ts";
import { aDeployment, at } from "../test-schema.ts";
import { apply, fieldsOf, managedFields, update, withSpec } from "./test-steps.ts";

describe("a conflict", () => {
  const conflictOf = (attempt: () => unknown): ApplyConflict => {
    try {
      attempt();
    } catch (error) {
      if (error instanceof ApplyConflict) return error;
      throw error;
    }
    throw new Error("expected a conflict");
  };

  test("with an updater names its version", () => {
    const live = update(undefined, withSpec({ replicas: 1 }), "kubectl");
    const conflict = conflictOf(() => apply(live, withSpec({ replicas: 2 }), { by: "a" }));
    expect(conflict.message).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas',
    );
    expect(conflict.causes).toEqual([
      { reason: "FieldManagerConflict", message: 'conflict with "kubectl" using apps/v1', field: ".spec.replicas" },
    ]);
    expect(conflict.code).toBe(409);
  });

  test("with several managers lists the fields of each", () => {
    const first = apply(undefined, withSpec({ replicas: 1, containers: [{ name: "web", image: "web:1" }] }), {
      by: "b",
    });
    const live = update(first, { ...first, spec: { ...(first.spec as object), zones: ["a"], paused: true } }, "a");
    const conflict = conflictOf(() =>
      apply(live, withSpec({ replicas: 2, paused: false, containers: [{ name: "web", image: "web:2" }] }), {
        by: "c",
      }),
    );
    expect(conflict.message).toBe(
      [
        'Apply failed with 3 conflicts: conflicts with "a" using apps/v1:',
        "- .spec.paused",
        'conflicts with "b":',
        "- .spec.replicas",
        '- .spec.containers[name="web"].image',
      ].join("\n"),
    );
    expect(conflict.causes).toHaveLength(3);
  });

  test("with a writer of a subresource names the subresource", () => {
    const first = apply(undefined, withSpec({}), { by: "a" });
    const status = aDeployment({ status: { phase: "Running" } });
    const live = apply(first, status, { by: "node", subresource: "status" });
    const other = aDeployment({ status: { phase: "Failed" } });
    expect(conflictOf(() => apply(live, other, { by: "b", subresource: "status" })).message).toBe(
      'Apply failed with 1 conflict: conflict with "node" with subresource "status": .status.phase',
    );
  });

  test("is none when the value is the same: the field is then shared", () => {
    const live = apply(undefined, withSpec({ replicas: 1 }), { by: "a" });
    const result = apply(live, withSpec({ replicas: 1 }), { by: "b" });
    expect(fieldsOf(result)).toEqual({
      "a Apply": { "f:spec": { "f:replicas": {} } },
      "b Apply": { "f:spec": { "f:replicas": {} } },
    });
    // As in Kubernetes an entry that came without a change to the object has no time.
    expect(managedFields(result).map(({ manager, time }) => ({ manager, time }))).toEqual([
      { manager: "b", time: undefined },
      { manager: "a", time: "2026-01-01T00:00:00Z" },
    ]);
  });

  test("is none when the object was made by the same manager's name through a subresource, on other fields", () => {
    const live = apply(
      apply(undefined, withSpec({ replicas: 1 }), { by: "a" }),
      aDeployment({ status: { ready: 1 } }),
      {
        by: "a",
        subresource: "status",
      },
    );
    expect(managedFields(live).map(({ manager, subresource }) => ({ manager, subresource }))).toEqual([
      { manager: "a", subresource: undefined },
      { manager: "a", subresource: "status" },
    ]);
    expect(live.spec).toEqual({ replicas: 1 });
  });

  test("gives way to force: the loser's set shrinks, and who has nothing left is gone", () => {
    const first = apply(undefined, withSpec({ replicas: 1 }), { by: "a" });
    const live = apply(first, withSpec({ zones: ["x"], replicas: 1 }), { by: "b" });
    const result = apply(live, withSpec({ replicas: 2 }), { by: "c", force: true, now: at("01:00:00") });
    expect(fieldsOf(result)).toEqual({
      "b Apply": { "f:spec": { "f:zones": { 'v:"x"': {} } } },
      "c Apply": { "f:spec": { "f:replicas": {} } },
    });
    expect(result.spec).toEqual({ zones: ["x"], replicas: 2 });
  });

  test("counts for an atomic list as a whole", () => {
    const live = apply(undefined, withSpec({ containers: [{ name: "a", args: ["x"] }] }), { by: "a" });
    const applied = withSpec({ containers: [{ name: "a", args: ["x", "y"] }] });
    expect(conflictOf(() => apply(live, applied, { by: "b" })).causes.map(({ field }) => field)).toEqual([
      '.spec.containers[name="a"].args',
    ]);
  });
});
