// What a user asks for, in the ledger's words.
import type { UserFact } from "../invariants/ledger.ts";
import type { Deed } from "../plan/plan.ts";
import { nodeAt, type Stage } from "./stage.ts";
import { namespace } from "./vm-objects.ts";

/** Nothing for what it has no word for. */
export function factOf(deed: Deed, stage: Stage): Omit<UserFact, "id" | "answer"> | undefined {
  switch (deed.kind) {
    case "createVm":
      return { wish: "createVm", namespace, name: deed.vm, strategy: deed.strategy };
    case "createVmi":
    case "foreignVmi":
      return { wish: "createVmi", namespace, name: deed.vm };
    case "deleteVm":
      return { wish: "deleteVm", namespace, name: deed.vm, orphans: deed.propagation === "Orphan" };
    case "setStrategy":
      return { wish: "strategy", namespace, name: deed.vm, strategy: deed.strategy };
    case "setCores":
    case "setTemplateLabel":
      return { wish: "template", namespace, name: deed.vm };
    case "deletePod":
    case "forcePod":
      return { wish: "deletePod", namespace, name: deed.vm };
    case "start":
    case "stop":
    case "restart":
    case "deleteVmi":
      return { wish: deed.kind, namespace, name: deed.vm };
    case "removeNode":
      return { wish: "removeNode", name: nodeAt(stage, deed.node).name };
    case "cordon":
      return deed.drains ? { wish: "drain", name: nodeAt(stage, deed.node).name } : undefined;
    default:
      return undefined;
  }
}
