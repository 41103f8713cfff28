// Which call of a launcher stands for a verb that the gateway asks for. It can ask for no other.
import { status } from "@grpc/grpc-js";
import type { CallReply, CallRequest } from "@knvirt/proto";
import { EndpointRefusal, type KnownGuests, sessionOf } from "./endpoints.ts";
import { ExecutorError, failureOf, isServiceError } from "./errors.ts";
import type { Launcher } from "./launchers.ts";

export interface Verbs {
  /** Throws EndpointRefusal with the launcher's own code and words when it does not do it. */
  call(request: CallRequest): Promise<CallReply>;
}

export const verbsOf = (known: KnownGuests): Verbs => ({
  call: async (request) => {
    const { verb } = request;
    if (!verb)
      throw new EndpointRefusal(status.INVALID_ARGUMENT, "the call names no verb: expected one of the contract");
    const { launcher } = sessionOf(known, request);
    try {
      return { ...nothing, ...(await ask(launcher, verb)) };
    } catch (error) {
      throw new EndpointRefusal(codeOf(error), failureOf(error).message, { cause: error });
    }
  },
});

const nothing: CallReply = { json: "", png: Buffer.alloc(0) };

function ask(launcher: Launcher, verb: NonNullable<CallRequest["verb"]>): Promise<Partial<CallReply>> {
  switch (verb.$case) {
    case "pause":
      return launcher.ask((client, ...rest) => client.pause(verb.value, ...rest));
    case "resume":
      return launcher.ask((client, ...rest) => client.resume(verb.value, ...rest));
    case "reset":
      return launcher.ask((client, ...rest) => client.reset(verb.value, ...rest));
    case "softReboot":
      return launcher.ask((client, ...rest) => client.softReboot(verb.value, ...rest));
    case "freeze":
      return launcher.ask((client, ...rest) => client.freeze(verb.value, ...rest), "freeze");
    case "thaw":
      return launcher.ask((client, ...rest) => client.thaw(verb.value, ...rest));
    case "guestInfo":
      return launcher.ask((client, ...rest) => client.guestInfo(verb.value, ...rest));
    case "screenshot":
      return launcher.ask((client, ...rest) => client.screenshot(verb.value, ...rest));
  }
}

/** Late is as good as away: nobody knows what became of it. */
function codeOf(error: unknown): status {
  if (error instanceof ExecutorError) return status.UNAVAILABLE;
  if (!isServiceError(error)) return status.INTERNAL;
  return error.code === status.DEADLINE_EXCEEDED ? status.UNAVAILABLE : error.code;
}
