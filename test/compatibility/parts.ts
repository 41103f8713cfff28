// The parts of upstream's API that are counted one by one.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Coverage, coverageOf } from "./coverage.ts";
import { reasons } from "./reasons.ts";
import { schemaOf } from "./schema-fields.ts";
import { declarationsIn, leafFields } from "./type-fields.ts";

export interface Part {
  name: string;
  kind: string;
  of: RegExp;
}

export const parts: readonly Part[] = [
  { name: "VirtualMachine spec", kind: "VirtualMachine", of: /^spec\.(?!template\.spec\.)/ },
  { name: "VirtualMachine status", kind: "VirtualMachine", of: /^status\./ },
  { name: "VirtualMachineInstance spec", kind: "VirtualMachineInstance", of: /^spec\./ },
  { name: "VirtualMachineInstance status", kind: "VirtualMachineInstance", of: /^status\./ },
  { name: "KubeVirt spec", kind: "KubeVirt", of: /^spec\./ },
  { name: "KubeVirt status", kind: "KubeVirt", of: /^status\./ },
];

export function coverageOfParts(): Map<Part, Coverage> {
  const script = fileURLToPath(import.meta.resolve("@kubevirt-ui-ext/kubevirt-api/kubevirt"));
  const declarations = declarationsIn(readFileSync(script.replace(/\.js$/, ".d.ts"), "utf8"));
  return new Map(
    parts.map((part) => {
      const fields = leafFields(declarations, `V1${part.kind}`).filter((field) => part.of.test(field));
      return [part, coverageOf(fields, schemaOf(part.kind), reasons[part.kind] ?? {})];
    }),
  );
}
