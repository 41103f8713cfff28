// Which calls people read about in an event: what was done to a guest and its own life does not tell, and what failed.
import type { CallRequest } from "@knvirt/proto";
import type { EventText, Recorder } from "./events.ts";
import type { Verbs } from "./verbs.ts";
import type { VmiCopies } from "./vmi-copies.ts";

type VerbName = NonNullable<CallRequest["verb"]>["$case"];

const done: Partial<Record<VerbName, EventText>> = {
  reset: { type: "Normal", reason: "Reset", message: "the guest was reset by request" },
  softReboot: { type: "Normal", reason: "SoftRebooted", message: "the guest was asked to boot again" },
};

const failed: Partial<Record<VerbName, (why: string) => EventText>> = {
  freeze: (why) => ({ type: "Warning", reason: "FreezeError", message: `the guest could not be frozen: ${why}` }),
};

export interface VerbEventOptions {
  copies: Pick<VmiCopies, "get">;
  recorder: Pick<Recorder, "mention">;
}

export function withEvents(verbs: Verbs, { copies, recorder }: VerbEventOptions): Verbs {
  const tell = ({ namespace, name }: CallRequest, event: EventText | undefined): void => {
    const vmi = event && copies.get({ namespace, name });
    if (vmi) recorder.mention(vmi, event);
  };
  return {
    call: async (request) => {
      const name = request.verb?.$case;
      try {
        const reply = await verbs.call(request);
        if (name) tell(request, done[name]);
        return reply;
      } catch (error) {
        if (name) tell(request, failed[name]?.((error as Error).message));
        throw error;
      }
    },
  };
}
