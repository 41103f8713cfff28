// All planted bugs.
import type { Bug } from "../bug.ts";
import { executorBugs } from "./executor.ts";
import { gatewayBugs } from "./gateway.ts";
import { kubernetesBugs } from "./kubernetes.ts";
import { runStrategyBugs } from "./run-strategy.ts";
import { runtimeBugs } from "./runtime.ts";
import { vmBugs } from "./vm.ts";
import { vmiBugs } from "./vmi.ts";

export const bugs: readonly Bug[] = [
  ...runtimeBugs,
  ...runStrategyBugs,
  ...vmBugs,
  ...vmiBugs,
  ...executorBugs,
  ...kubernetesBugs,
  ...gatewayBugs,
];
