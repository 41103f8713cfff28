// Label selectors, both the equality form and the set-based one, as kubectl's -l takes them.
import { badRequest } from "../errors.ts";

export type Labels = Record<string, string>;
export type Predicate<Subject> = (subject: Subject) => boolean;

type Requirement = Predicate<Labels>;

const key = "[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?";
const value = "(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?";

/** One row per form of a requirement. */
const forms: { pattern: RegExp; requirement(key: string, operand: string): Requirement }[] = [
  {
    pattern: new RegExp(`^(${key})\\s+in\\s*\\(([^()]*)\\)$`),
    requirement: (name, list) => {
      const values = valuesOf(list);
      return (labels) => values.has(labels[name]);
    },
  },
  {
    pattern: new RegExp(`^(${key})\\s+notin\\s*\\(([^()]*)\\)$`),
    requirement: (name, list) => {
      const values = valuesOf(list);
      return (labels) => !values.has(labels[name]);
    },
  },
  {
    pattern: new RegExp(`^(${key})\\s*!=\\s*(${value})$`),
    requirement: (name, operand) => (labels) => labels[name] !== operand,
  },
  {
    pattern: new RegExp(`^(${key})\\s*==?\\s*(${value})$`),
    requirement: (name, operand) => (labels) => labels[name] === operand,
  },
  {
    pattern: new RegExp(`^(${key})\\s*>\\s*(-?\\d+)$`),
    requirement: (name, bound) => (labels) => name in labels && Number(labels[name]) > Number(bound),
  },
  {
    pattern: new RegExp(`^(${key})\\s*<\\s*(-?\\d+)$`),
    requirement: (name, bound) => (labels) => name in labels && Number(labels[name]) < Number(bound),
  },
  { pattern: new RegExp(`^!\\s*(${key})$`), requirement: (name) => (labels) => !Object.hasOwn(labels, name) },
  { pattern: new RegExp(`^(${key})$`), requirement: (name) => (labels) => Object.hasOwn(labels, name) },
];

const valuesOf = (list: string): Set<string | undefined> => new Set(list.split(",").map((item) => item.trim()));

/** Throws BadRequest on what is not a selector. */
export function parseLabelSelector(selector: string): Predicate<Labels> {
  const requirements = splitRequirements(selector).map((text) => parseRequirement(text, selector));
  return (labels) => requirements.every((holds) => holds(labels));
}

/** At the commas that are not inside parentheses. */
const splitRequirements = (selector: string): string[] =>
  selector.trim() === "" ? [] : selector.split(/,(?![^()]*\))/).map((part) => part.trim());

function parseRequirement(text: string, selector: string): Requirement {
  for (const { pattern, requirement } of forms) {
    const match = pattern.exec(text);
    if (match) return requirement(match[1] ?? "", match[2] ?? "");
  }
  throw badRequest(`unable to parse requirement: found '${text}' in label selector "${selector}"`);
}
