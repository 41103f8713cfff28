// Adapts a parsed expression to how Kubernetes runs it: has() takes any operand, patterns are RE2, and every step of a
// comprehension is paid for. The interpreter, @marcbachmann/cel-js 8, has no options for these; its nodes can be changed
// between parsing and the first check. rules.test.ts holds each of the three.

/** What the interpreter does not declare of its nodes. */
export interface SyntaxNode {
  readonly op: string;
  readonly args: unknown;
  readonly meta: { alternate?: SyntaxNode; macro?: object };
  setMeta(key: "macro", macro: object): this;
}

interface Evaluator {
  run(node: SyntaxNode, context: unknown): unknown;
}

interface Checker {
  check(node: SyntaxNode, context: unknown): unknown;
  getType(name: string): unknown;
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === "object" && value !== null && "op" in value && "setMeta" in value;

/** Every node of the expression once, including those that macros expand to. */
export function nodesOf(root: SyntaxNode): SyntaxNode[] {
  const seen = new Set<unknown>();
  const nodes: SyntaxNode[] = [];
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null || seen.has(next)) continue;
    seen.add(next);
    if (isNode(next)) nodes.push(next);
    waiting.push(...(isNode(next) ? [next.args, next.meta.alternate] : Object.values(next)));
  }
  return nodes;
}

/** The interpreter accepts only chains of names, not has(self.list[0].name). */
export function takeAnyOperandOfHas(node: SyntaxNode): void {
  const [operand] = calls(node, "call", "has") ? (node.args as [string, SyntaxNode[]])[1] : [];
  if (operand?.op !== ".") return;
  const [container, field] = operand.args as [SyntaxNode, string];
  node.setMeta("macro", {
    async: false,
    typeCheck(checker: Checker, _macro: object, context: unknown) {
      checker.check(container, context);
      return checker.getType("bool");
    },
    evaluate(evaluator: Evaluator, _macro: object, context: unknown) {
      return hasField(evaluator.run(container, context), field);
    },
  });
}

function hasField(container: unknown, field: string): boolean {
  if (container instanceof Map) return container.has(field);
  if (typeof container === "object" && container !== null && Object.getPrototypeOf(container) === Object.prototype)
    return Object.hasOwn(container, field);
  throw new Error(`no such overload: has() of a field of ${typeof container}`);
}

/** The interpreter's own `matches` reads JavaScript's dialect of regular expressions. */
export function useRe2(node: SyntaxNode): void {
  if (calls(node, "rcall", "matches")) (node.args as unknown[])[0] = "matchesRe2";
}

/** Before each step, and outside of what catches the errors of steps: an empty purse ends all enclosing loops. */
export function payForSteps(node: SyntaxNode, pay: () => void): void {
  if (node.op !== "comprehension") return;
  const comprehension = node.args as { condition?: (accumulated: unknown) => boolean };
  const { condition = () => true } = comprehension;
  comprehension.condition = (accumulated) => {
    pay();
    return condition(accumulated);
  };
}

const calls = (node: SyntaxNode, op: string, name: string): boolean =>
  node.op === op && Array.isArray(node.args) && node.args[0] === name;
