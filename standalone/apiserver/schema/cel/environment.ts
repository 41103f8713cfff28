// CEL as Kubernetes offers it to validation rules: the language with the libraries a rule may use.
import { Environment } from "@marcbachmann/cel-js";
import type { Duration } from "@marcbachmann/cel-js/evaluator";
import { addresses } from "./addresses.ts";
import type { CelLibrary } from "./library.ts";
import { lists } from "./lists.ts";
import { namedFormats } from "./named-formats.ts";
import { quantities } from "./quantity.ts";
import { strings } from "./strings.ts";
import { urls } from "./urls.ts";

const conversions: CelLibrary = {
  functions: {
    "string(google.protobuf.Timestamp): string": (time: Date) => time.toISOString().replace(".000Z", "Z"),
    "string(google.protobuf.Duration): string": (duration: Duration) => duration.toString(),
    "int(google.protobuf.Timestamp): int": (time: Date) => BigInt(Math.floor(time.getTime() / 1000)),
  },
};

const libraries = [conversions, lists, strings, quantities, urls, addresses, namedFormats];

/** Types of self and oldSelf are known only when a rule runs: fields are found by name, overloads by value. */
const withOldSelf = (oldSelf: "dyn" | "optional<dyn>"): Environment =>
  libraries.reduce(
    addLibrary,
    new Environment({
      enableOptionalTypes: true,
      homogeneousAggregateLiterals: false,
      limits: { maxAstNodes: 10_000, maxDepth: 100 },
    })
      .registerVariable("self", "dyn")
      .registerVariable("oldSelf", oldSelf),
  );

/** For rules that are evaluated only when there is an old value. */
export const ruleEnvironment = withOldSelf("dyn");

/** For rules that ask to see whether there is one. */
export const optionalOldSelfEnvironment = withOldSelf("optional<dyn>");

function addLibrary(environment: Environment, library: CelLibrary): Environment {
  const { types = {}, constants = {}, operators = {}, functions } = library;
  for (const [name, type] of Object.entries(types)) environment.registerType(name, type);
  for (const [name, { type, value }] of Object.entries(constants)) environment.registerConstant(name, type, value);
  for (const [signature, operator] of Object.entries(operators)) environment.registerOperator(signature, operator);
  for (const [signature, implementation] of Object.entries(functions))
    environment.registerFunction(signature, implementation, { async: false });
  return environment;
}
