// Which functions share a Knative Service and its rights: those that the same changes wake. Membership is one word.
import type { FunctionDefinition } from "./runtime/definition.ts";

const groups = {
  lifecycle: ["vm", "vmi"],
} as const satisfies Record<string, readonly string[]>;

/** The functions that run in one service. */
export interface FunctionGroup {
  name: string;
  definitions: FunctionDefinition[];
}

export const serviceNameOf = ({ name }: Pick<FunctionGroup, "name">): string => `knvirt-${name}`;

/** Throws when a function is in no group, or a group names a function that does not exist. */
export function groupsOf(definitions: readonly FunctionDefinition[]): FunctionGroup[] {
  const grouped: string[] = Object.values(groups).flat();
  const homeless = definitions.find(({ name }) => !grouped.includes(name));
  if (homeless)
    throw new Error(`function ${homeless.name} is in no group: expected its name once in functions/groups.ts`);
  return Object.entries(groups).map(([name, members]) => ({
    name,
    definitions: members.map((member) => named(definitions, member)),
  }));
}

function named(definitions: readonly FunctionDefinition[], wanted: string): FunctionDefinition {
  const definition = definitions.find(({ name }) => name === wanted);
  if (definition) return definition;
  throw new Error(`function ${wanted} of functions/groups.ts does not exist: expected one of the definitions`);
}
