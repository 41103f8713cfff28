// Conflicts in Kubernetes' words: clients print them, and some parse them.
import { ApplyConflict } from "../errors.ts";
import type { Manager } from "./managers.ts";
import type { Conflict } from "./ownership.ts";
import { showElement } from "./path-element.ts";

export const applyConflict = (conflicts: Conflict[]): ApplyConflict =>
  new ApplyConflict(
    messageOf(conflicts),
    conflicts.map(({ manager, path }) => ({
      reason: "FieldManagerConflict",
      message: `conflict with ${show(manager)}`,
      field: showPath(path),
    })),
  );

function messageOf(conflicts: Conflict[]): string {
  const [first] = conflicts;
  if (first && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${show(first.manager)}: ${showPath(first.path)}`;
  }
  const lines = [...new Set(conflicts.map(({ manager }) => manager))].flatMap((manager) => [
    `conflicts with ${show(manager)}:`,
    ...conflicts.filter((conflict) => conflict.manager === manager).map(({ path }) => `- ${showPath(path)}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}

function show({ manager, operation, apiVersion, subresource }: Manager): string {
  const name = `${JSON.stringify(manager)}${subresource ? ` with subresource ${JSON.stringify(subresource)}` : ""}`;
  return operation === "Update" ? `${name} using ${apiVersion}` : name;
}

const showPath = (path: Conflict["path"]): string => path.map(showElement).join("");
