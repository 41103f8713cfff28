// What was found, for people: the requests that lead there, and both answers side by side.

import { lineOf, type Step } from "./request/step.ts";
import type { Outcome } from "./run-case.ts";

const width = 58;

export function reportOf(steps: readonly Step[], { unexplained, requests }: Outcome): string {
  const [first] = unexplained;
  const lines = steps.slice(0, requests).map((step, index) => `  ${index + 1}. ${lineOf(step)}`);
  const values = unexplained.flatMap(({ path, embedded, real }) => [
    `at ${path}:`,
    ...beside(shown(embedded), shown(real)),
  ]);
  return [
    ...lines,
    `answer to: ${first ? lineOf(first.step) : "nothing"}`,
    ...beside(["embedded"], ["kube-apiserver"]),
    ...beside(said(first?.answers.embedded), said(first?.answers.real)),
    ...values,
  ].join("\n");
}

const said = (answer: { code: number; body: unknown } | undefined): string[] => {
  const { message } = (answer?.body ?? {}) as { message?: string };
  return wrapped(`${answer?.code ?? ""} ${message ?? ""}`);
};

const shown = (value: unknown): string[] =>
  (JSON.stringify(value, undefined, 1) ?? "(absent)").split("\n").flatMap(wrapped);

const wrapped = (text: string): string[] => text.match(new RegExp(`.{1,${width}}`, "g")) ?? [""];

const beside = (left: string[], right: string[]): string[] =>
  Array.from({ length: Math.max(left.length, right.length) }, (_, row) =>
    `  ${(left[row] ?? "").padEnd(width)} | ${right[row] ?? ""}`.trimEnd(),
  );
