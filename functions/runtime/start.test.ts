import { virtualMachines } from "@knvirt/api";
import type { Client, KubernetesObject, Page } from "@knvirt/kubernetes";
import { pino } from "pino";
import { aVm } from "../testing/builders.ts";
import type { FunctionDefinition } from "./definition.ts";
import { create } from "./intents.ts";
import { createMetrics } from "./metrics.ts";
import { clock, self } from "./reads.ts";
import { startFunctions } from "./start.ts";

const log = pino({ level: "silent" });

/** An API server with one VM that takes no write. */
const client = {
  pages: async function* (): AsyncGenerator<Page<KubernetesObject>> {
    yield { items: [aVm()], resourceVersion: "1" };
  },
  find: async () => aVm(),
} as unknown as Client;

const idle: FunctionDefinition = {
  name: "idle",
  primary: virtualMachines,
  reads: { vm: self(virtualMachines), now: clock },
  writes: [],
  reconcile: () => [],
};

test("a sweep is told in metrics", async () => {
  const metrics = createMetrics();
  const functions = startFunctions({ definitions: [idle], client, log, metrics });
  expect(await functions.sweep()).toEqual([{ objects: 1, repairs: 0, failures: 0, lookAgainSeconds: Infinity }]);
  expect(await metrics.registry.metrics()).toContain('knvirt_function_sweep_objects{function="idle"} 1');
  await functions.close();
});

test("a write that a function does not declare is an error of that function, and its object fails alone", async () => {
  const greedy: FunctionDefinition = { ...idle, name: "greedy", reconcile: () => [create(aVm())] };
  const metrics = createMetrics();
  const functions = startFunctions({ definitions: [greedy, idle], client, log, metrics });
  expect(await functions.sweep()).toMatchObject([{ failures: 1 }, { failures: 0 }]);
  const { values } = await metrics.errors.get();
  expect(values).toMatchObject([{ labels: { function: "greedy", reason: "UndeclaredWrite" }, value: 1 }]);
  await functions.close();
});

test("functions do their work without metrics too", async () => {
  const functions = startFunctions({ definitions: [idle], client, log });
  expect(await functions.sweep()).toEqual([{ objects: 1, repairs: 0, failures: 0, lookAgainSeconds: Infinity }]);
  await functions.close();
});
