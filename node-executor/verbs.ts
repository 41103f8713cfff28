// Verbs that the gateway asks for: each is the call of that name of the guest's launcher. It can ask for no other.
import { status } from "@grpc/grpc-js";
import type { CallReply, CallRequest } from "@knvirt/proto";
import { EndpointRefusal, type KnownGuests, sessionOf } from "./endpoints.ts";
import { ExecutorError, failureOf, isServiceError } from "./errors.ts";

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
      return { ...nothing, ...(await launcher.ask(verb.$case, verb.value)) };
    } catch (error) {
      throw new EndpointRefusal(codeOf(error), failureOf(error).message, { cause: error });
    }
  },
});

const nothing: CallReply = { json: "", png: Buffer.alloc(0) };

/** Late is as good as away: nobody knows what became of it. */
function codeOf(error: unknown): status {
  if (error instanceof ExecutorError) return status.UNAVAILABLE;
  if (!isServiceError(error)) return status.INTERNAL;
  return error.code === status.DEADLINE_EXCEEDED ? status.UNAVAILABLE : error.code;
}
