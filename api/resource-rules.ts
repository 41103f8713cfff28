// What must hold between what a VMI asks of its node and what its guest gets.
import { found, type Rule } from "./schema.ts";

const given = (field: "requests" | "limits", name: string) =>
  `has(self.domain.resources) && has(self.domain.resources.${field}) && '${name}' in self.domain.resources.${field}`;
const amount = (field: "requests" | "limits", name: string) =>
  `quantity(string(self.domain.resources.${field}['${name}']))`;

const requestWithinLimit = (name: "cpu" | "memory"): Rule => ({
  rule: `!(${given("requests", name)}) || !(${given("limits", name)}) || !${amount("requests", name)}.isGreaterThan(${amount("limits", name)})`,
  ...found(
    `${name} request is greater than its limit: found %s, expected a request up to the limit`,
    `string(self.domain.resources.requests['${name}'])`,
  ),
  fieldPath: ".domain.resources.requests",
});

const guest = "quantity(string(self.domain.memory.guest))";
const page = "quantity(has(self.domain.memory.hugepages.pageSize) ? self.domain.memory.hugepages.pageSize : '2Mi')";
const hasPagesAndGuest =
  "has(self.domain.memory) && has(self.domain.memory.hugepages) && has(self.domain.memory.guest)";

export const resourceRules: Rule[] = [
  {
    rule: `!(${hasPagesAndGuest}) || (${guest}.isInteger() && ${guest}.asInteger() >= ${page}.asInteger() && ${guest}.asInteger() % ${page}.asInteger() == 0)`,
    ...found(
      "guest memory is no multiple of its huge pages: found %s, expected whole pages",
      "string(self.domain.memory.guest)",
    ),
    fieldPath: ".domain.memory.guest",
  },
  requestWithinLimit("cpu"),
  requestWithinLimit("memory"),
  {
    rule: `!(${given("requests", "memory")}) || !quantity('1M').isGreaterThan(${amount("requests", "memory")})`,
    ...found(
      "memory request is too small: found %s, expected 1M at least",
      "string(self.domain.resources.requests['memory'])",
    ),
    fieldPath: ".domain.resources.requests",
  },
];
