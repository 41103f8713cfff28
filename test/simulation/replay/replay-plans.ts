// Plans on a server of their own, with what was found told as it comes.
import type { NamedPlan } from "../seeds/named-plans.ts";
import { startEmbeddedWithoutControllers } from "./embedded.ts";
import { startRealWithKinds } from "./real.ts";
import { recordingOf } from "./recording.ts";
import { replay } from "./replay.ts";
import { reportOf, unexplainedIn } from "./report.ts";

export const servers = { embedded: startEmbeddedWithoutControllers, real: startRealWithKinds };

/** Answers whether all that differs has an explanation. */
export async function replayPlans(plans: readonly NamedPlan[], on: keyof typeof servers): Promise<boolean> {
  const server = await servers[on]();
  let isExplained = true;
  try {
    for (const { name, plan } of plans) {
      const replayed = await replay(server, await recordingOf(plan));
      for (const line of reportOf(name, replayed)) console.log(line);
      isExplained &&= unexplainedIn(replayed).length === 0;
    }
  } finally {
    await server.stop();
  }
  return isExplained;
}
