// How a user asks for something: the ledger is told when it is asked, and what the asker learns of it.
import { ApiError } from "@knvirt/kubernetes";
import { GatewayError } from "../../../gateway/errors.ts";
import type { SimulatedProcess } from "../engine/simulated-process.ts";
import type { UserFact } from "../invariants/ledger.ts";
import { count, type Stage } from "./stage.ts";

type Answer = UserFact["answer"];

export interface Question {
  /** Of the plan's action: by which it is counted. */
  kind: string;
  /** Nothing for what the ledger has no word for. */
  fact?: Omit<UserFact, "id" | "answer">;
  by: SimulatedProcess;
}

/** Never rejects: answers what became of it, as far as its sender knows. */
export async function ask(stage: Stage, question: Question, send: () => Promise<unknown>): Promise<Answer> {
  const { kind, fact, by } = question;
  const id = stage.happened.get("asked") ?? 0;
  count(stage, "asked");
  let told: Answer = "sent";
  const tell = (answer: Answer): void => {
    if (told !== "sent") return;
    told = answer;
    if (answer !== "sent") count(stage, `${kind}: ${answer}`);
    if (fact) stage.ledger.user({ ...fact, id, answer });
  };
  tell("sent");
  by.onEnd(() => tell("unknown"));
  try {
    await send();
    tell("taken");
  } catch (error) {
    by.note(() => `is answered: ${(error as Error).message}`);
    tell(answerOf(error));
  }
  return told;
}

/** An overloaded server may say so after it has done what it was asked for. */
function answerOf(error: unknown): Answer {
  if (error instanceof PartlyDone) return "unknown";
  if (error instanceof GatewayError || error instanceof ApiError) return error.code < 500 ? "refused" : "unknown";
  if (error instanceof NotAsked) return "refused";
  return "unknown";
}

/** There was nothing to do, or nobody to ask. */
export class NotAsked extends Error {
  override readonly name = "NotAsked";
}

/** Refused after something was written. */
export class PartlyDone extends Error {
  override readonly name = "PartlyDone";
}
