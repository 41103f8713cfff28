// What reached the API server model while a plan was played: each request in order, and what it was answered.
import { ApiError, type ApiRequest } from "@knvirt/kubernetes";
import type { Json } from "../../compare/server/server.ts";
import type { ApiServer } from "../api-server/index.ts";
import type { Plan } from "../plan/plan.ts";
import { play } from "../run.ts";

export interface Recorded {
  user: string;
  request: Pick<ApiRequest, "method" | "path" | "query" | "contentType" | "body">;
  /** 200 for all that was accepted: the model does not say more. */
  code: number;
  /** The object, the list, or what is known of the refusal. */
  body: Json;
}

/** Watches are left out: what they tell is what the writes were answered. */
export async function recordingOf(plan: Plan): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  await play(plan, { isTraced: false, counted: (api) => recording(api, (one) => recorded.push(one)) });
  return recorded;
}

const binding = "/binding";

export const isBinding = ({ path }: Recorded["request"]): boolean => path.endsWith(binding);

function recording(api: ApiServer, record: (recorded: Recorded) => void): ApiServer {
  const recorded: ApiServer = {
    ...api,
    call: (request, user) => {
      const sent = sentIn(request);
      try {
        const answer = api.call(request, user);
        record({ user, request: sent, code: 200, body: answer });
        // Says nothing of the version that the pod has then, which is asked for next.
        if (isBinding(sent)) recorded.call({ method: "GET", path: sent.path.slice(0, -binding.length) }, user);
        return answer;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const { code, reason, message } = error;
        record({ user, request: sent, code, body: { reason, message } });
        throw error;
      }
    },
  };
  return recorded;
}

const sentIn = ({ method, path, query, contentType, body }: ApiRequest): Recorded["request"] => ({
  ...{ method, path, ...(query && { query }), ...(contentType && { contentType }) },
  // As it was then: who sent it may go on with the object.
  ...(body !== undefined && { body: JSON.parse(JSON.stringify(body)) as Json }),
});
