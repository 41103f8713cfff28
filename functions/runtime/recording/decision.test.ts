// Which decisions of a process of functions are told of.
import type { Client, KubernetesObject, Page } from "@knvirt/kubernetes";
import { pino } from "pino";
import { aVm } from "../../testing/builders.ts";
import type { FunctionDefinition } from "../definition.ts";
import { addFinalizer, requeue } from "../intents.ts";
import { startFunctions } from "../start.ts";
import type { Decision } from "./decision.ts";
import { functionThat, key } from "./testing/decisions.ts";

const vm = aVm();
/** An API server with one VM that takes no write. */
const client = {
  pages: async function* (): AsyncGenerator<Page<KubernetesObject>> {
    yield { items: [vm], resourceVersion: "1" };
  },
  find: async () => vm,
} as unknown as Client;

const settled = functionThat(() => [requeue(100)]);
const busy = functionThat(() => [addFinalizer(vm, "not declared")]);
const failing = functionThat(() => {
  throw new Error("no");
});

async function toldBy(
  definition: FunctionDefinition,
  act: (functions: ReturnType<typeof startFunctions>) => unknown,
) {
  const told: Decision[] = [];
  let isClosed = false;
  const functions = startFunctions({
    ...{ definitions: [definition], client, log: pino({ level: "silent" }) },
    recording: {
      onDecision: (decision) => void told.push(decision),
      close: async () => {
        isClosed = true;
      },
    },
  });
  await act(functions);
  await functions.close();
  expect(isClosed).toBe(true);
  return told.map(({ by, made }) => `${by ?? "visit"}: ${"intents" in made ? made.intents[0]?.verb : "error"}`);
}

const swept = (functions: ReturnType<typeof startFunctions>) => functions.sweep();
const visited = (functions: ReturnType<typeof startFunctions>) => functions.take({ ...vm, ...key });

test.each([
  { when: "a visit", definition: settled, act: visited, want: ["visit: requeue"] },
  { when: "a visit that fails", definition: failing, act: visited, want: ["visit: error"] },
  { when: "a sweep of what is settled", definition: settled, act: swept, want: [] },
  {
    when: "a sweep that finds work, and the visit",
    definition: busy,
    act: swept,
    want: ["sweep: addFinalizer", "visit: addFinalizer"],
  },
  { when: "a sweep that fails", definition: failing, act: swept, want: ["sweep: error"] },
])("of $when: $want", async ({ definition, act, want }) => expect(await toldBy(definition, act)).toEqual(want));
