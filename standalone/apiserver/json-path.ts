// The part of Kubernetes' JSONPath that printer columns, scale paths and selectable fields use.
import { asText, isRecord } from "./object.ts";

type Step = (value: unknown) => unknown[];

/** Tried in order at each position of the path. */
const steps: { pattern: RegExp; step(match: RegExpExecArray): Step }[] = [
  { pattern: /^\.?\[\*\]|^\.\*/y, step: () => (value) => (isRecord(value) ? Object.values(value) : listOf(value)) },
  { pattern: /^\.?\[\?\(\s*@\.?([^=\s]+)\s*==\s*["']([^"']*)["']\s*\)\]/y, step: filterStep },
  {
    pattern: /^\.?\[(-?\d+)\]/y,
    step:
      ([, index]) =>
      (value) =>
        defined(listOf(value).at(Number(index))),
  },
  { pattern: /^\.?\[['"]([^'"]+)['"]\]/y, step: ([, name = ""]) => member(name) },
  { pattern: /^\.?((?:\\.|[^.[\]\\])+)/y, step: ([, name = ""]) => member(name.replace(/\\(.)/g, "$1")) },
];

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const defined = (value: unknown): unknown[] => (value === undefined ? [] : [value]);

const member =
  (name: string): Step =>
  (value) =>
    isRecord(value) && Object.hasOwn(value, name) ? defined(value[name]) : [];

function filterStep([, path = "", wanted]: RegExpExecArray): Step {
  const read = compileJsonPath(`.${path}`);
  return (value) => listOf(value).filter((item) => read(item).some((found) => asText(found) === wanted));
}

/** Answers all values the path leads to; none when a part is missing. Throws on a path outside the subset. */
export function compileJsonPath(path: string): (value: unknown) => unknown[] {
  let rest = path.replace(/^\{|\}$/g, "").replace(/^\$/, "");
  const compiled: Step[] = [];
  while (rest !== "" && rest !== ".") {
    const [length, step] = nextStep(rest, path);
    compiled.push(step);
    rest = rest.slice(length);
  }
  return (value) => compiled.reduce<unknown[]>((found, step) => found.flatMap(step), [value]);
}

function nextStep(rest: string, path: string): [length: number, step: Step] {
  for (const { pattern, step } of steps) {
    pattern.lastIndex = 0;
    const match = pattern.exec(rest);
    if (match) return [match[0].length, step(match)];
  }
  throw new Error(`JSON path ${JSON.stringify(path)} is not supported: ${JSON.stringify(rest)}`);
}
