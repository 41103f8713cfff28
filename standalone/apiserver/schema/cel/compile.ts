// Compiles one CEL expression.
import { type Budget, spend } from "./budget.ts";
import { optionalOldSelfEnvironment, ruleEnvironment } from "./environment.ts";
import { nodesOf, payForSteps, type SyntaxNode, takeAnyOperandOfHas, useRe2 } from "./syntax-tree.ts";

export interface Expression {
  usesOldSelf: boolean;
  /** Throws when the evaluation fails. */
  evaluate(variables: { self: unknown; oldSelf?: unknown }, budget: Budget): unknown;
}

export interface CompileError {
  error: string;
}

const maxLength = 16_384;

interface Options {
  resultType: "bool" | "string";
  optionalOldSelf?: boolean | undefined;
}

export function compile(source: string, options: Options): Expression | CompileError {
  if (source.length > maxLength)
    return { error: `compilation failed: expression is longer than ${maxLength} characters` };
  try {
    return compiled(source, options);
  } catch (error) {
    if (error instanceof Error) return { error: `compilation failed: ${error.message}` };
    throw error;
  }
}

function compiled(source: string, { resultType, optionalOldSelf }: Options): Expression | CompileError {
  const program = (optionalOldSelf ? optionalOldSelfEnvironment : ruleEnvironment).parse(source);
  const purse: { budget: Budget } = { budget: { left: 0 } };
  const nodes = nodesOf(program.ast as unknown as SyntaxNode);
  for (const node of nodes) {
    takeAnyOperandOfHas(node);
    useRe2(node);
    payForSteps(node, () => spend(purse.budget));
  }
  const { type = "dyn", error } = program.check();
  if (error) return { error: `compilation failed: ${error.message}` };
  if (![resultType, "dyn"].includes(type)) return { error: `must evaluate to a ${resultType}` };
  return {
    usesOldSelf: nodes.some(({ op, args }) => op === "id" && args === "oldSelf"),
    evaluate: (variables, budget) => {
      purse.budget = budget;
      return program(variables);
    },
  };
}
