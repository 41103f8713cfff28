// The model and the embedded API server are asked the same, and answer the same and tell their watchers the same: the
// cases of the comparison with Kubernetes' own API server, and random ones like them.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { cases } from "../../compare/cases.ts";
import { explanationOf, type Found } from "../../compare/differences.ts";
import { reportOf } from "../../compare/report.ts";
import { casesOf } from "../../compare/request/generate.ts";
import { kinds } from "../../compare/request/kinds.ts";
import type { Step } from "../../compare/request/step.ts";
import { runCase } from "../../compare/run-case.ts";
import { type EmbeddedServer, startEmbeddedServer } from "../../compare/server/embedded.ts";
import { prepare } from "../../compare/server/prepare.ts";
import { fc } from "../../support/property.ts";
import { modelServer } from "./testing/model-server.ts";

let embedded: EmbeddedServer;
const model = modelServer();

beforeAll(async () => {
  embedded = await startEmbeddedServer();
  await prepare(embedded);
});
afterAll(() => embedded.stop());

/** Neither bodies that are no objects nor what is said not to be modelled, nor options that our client does not have. */
const isModelled = ({ method, path, body, contentType = "" }: Step): boolean =>
  typeof body !== "string" &&
  !JSON.stringify(body ?? {}).includes("orphanDependents") &&
  !Array.isArray(body) &&
  // structuredClone makes objects of another realm in jest: to the embedded server nothing is the same after it.
  !contentType.includes("json-patch") &&
  (method !== "DELETE" || /\/(compare-)?[ab]$/.test(path)) &&
  !/\/(scale|unheardof)$/.test(path);

/** The embedded server looks at more: whether what is sent fits its schema and rules. */
const isValidation = ({ path, answers }: Found): boolean =>
  path === "code" && faults.includes(answers.embedded.code) && !faults.includes(answers.real.code);

/** Who asks for silence is not told what is dropped. */
const outspoken = ({ query: { fieldValidation: _, ...query } = {}, ...step }: Step): Step => ({ ...step, query });

/** It drops what its schemas do not have, and says so. */
const hasUnknownFields = ({ answers }: Found): boolean =>
  answers.embedded.warnings.some((warning) => warning.includes("unknown field"));

/** Of what Kubernetes may differ in only this is left to the model, whose versions are its own. */
const isExplained = (one: Found): boolean =>
  explanationOf(one)?.id === "which-fault" ||
  faults.includes(one.answers.embedded.code) ||
  withoutNumbers(one.embedded) === withoutNumbers(one.real);

const withoutNumbers = (value: unknown): string => (JSON.stringify(value) ?? "").replace(/\(\d+\)/g, "");

const faults = [400, 405, 415, 422];

async function found(steps: readonly Step[]): Promise<string | undefined> {
  const outcome = await runCase({ embedded, real: model }, steps.filter(isModelled).map(outspoken));
  const explained = [...outcome.explained.values()].filter((one) => !isExplained(one));
  const unexplained = [...outcome.unexplained, ...explained].filter(
    (one) => !isValidation(one) && !hasUnknownFields(one),
  );
  return unexplained.length > 0 ? reportOf(steps, { ...outcome, unexplained }) : undefined;
}

test.each(cases)("$name", async ({ steps }) => expect(await found(steps)).toBeUndefined());

test("random requests", async () => {
  await fc.assert(
    fc.asyncProperty(casesOf(kinds), async (steps) => {
      const report = await found(steps);
      if (report) throw new Error(report);
    }),
  );
});
