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

const page = "quantity(has(self.domain.memory.hugepages.pageSize) ? self.domain.memory.hugepages.pageSize : '2Mi')";
const hasPages = "has(self.domain.memory) && has(self.domain.memory.hugepages)";

/** What the guest's memory is, by a field that says so when those before it do not. */
const wholePages = ({
  when,
  value,
  what,
  fieldPath,
}: Record<"when" | "value" | "what" | "fieldPath", string>): Rule => {
  const size = `quantity(string(${value}))`;
  return {
    rule: `!(${hasPages} && ${when}) || (${size}.isInteger() && ${size}.asInteger() >= ${page}.asInteger() && ${size}.asInteger() % ${page}.asInteger() == 0)`,
    ...found(`${what} is no multiple of its huge pages: found %s, expected whole pages`, `string(${value})`),
    fieldPath,
  };
};

export const resourceRules: Rule[] = [
  wholePages({
    when: "has(self.domain.memory.guest)",
    value: "self.domain.memory.guest",
    what: "guest memory",
    fieldPath: ".domain.memory.guest",
  }),
  wholePages({
    when: `!has(self.domain.memory.guest) && ${given("requests", "memory")}`,
    value: "self.domain.resources.requests['memory']",
    what: "memory request",
    fieldPath: ".domain.resources.requests",
  }),
  wholePages({
    when: `!has(self.domain.memory.guest) && !(${given("requests", "memory")}) && ${given("limits", "memory")}`,
    value: "self.domain.resources.limits['memory']",
    what: "memory limit",
    fieldPath: ".domain.resources.limits",
  }),
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
