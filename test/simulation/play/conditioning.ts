// How bad network and events are just now: the worst of all that was planned for this time.
import { ApiError, type ApiRequest } from "@knvirt/kubernetes";
import type { OfKind, Plan, Trouble } from "../plan/plan.ts";
import type { Stage } from "./stage.ts";

/** What is answered with an error, by the kind of fault. */
type Refusing = OfKind<Trouble, "refusePods" | "refuseInstances" | "failWrites">;

export type Worsening = OfKind<Trouble, "events" | "apiAway" | "network" | Refusing["kind"]>;

export interface Conditioning {
  /** Until its time is over. Answers 1: it never misses. */
  worsen(by: Worsening): number;
}

export function conditioningOf(
  { world, system, lasting }: Pick<Stage, "world" | "system" | "lasting">,
  plan: Plan,
): Conditioning {
  const now = new Set<Worsening>();
  let base: Plan["network"] = plan.network;
  const apply = (): void => {
    const network = of(now, "network");
    Object.assign(world.network.conditions, {
      ...worst(
        [{ ...base, overload: 0 }, ...network],
        "lostRequests",
        "lostAnswers",
        "overload",
        "brokenWatches",
        "latencyMs",
      ),
      isApiAway: of(now, "apiAway").length > 0,
      refuse: refusingIn(now),
    });
    Object.assign(system.events, worst(of(now, "events"), "lost", "swallowed", "doubled", "lateMs"));
  };
  lasting.until(Number.POSITIVE_INFINITY, () => {
    base = { lostRequests: 0, lostAnswers: 0, brokenWatches: 0, latencyMs: Math.min(5, base.latencyMs) };
    apply();
  });
  apply();
  return {
    worsen: (by) => {
      now.add(by);
      apply();
      lasting.until(by.forMs, () => {
        now.delete(by);
        apply();
      });
      return 1;
    },
  };
}

const of = <Kind extends Worsening["kind"]>(now: Set<Worsening>, kind: Kind): OfKind<Worsening, Kind>[] =>
  [...now].filter((each) => each.kind === kind) as OfKind<Worsening, Kind>[];

const worst = <Name extends string>(of: Record<Name, number>[], ...names: Name[]): Record<Name, number> =>
  Object.fromEntries(names.map((name) => [name, Math.max(0, ...of.map((each) => each[name]))])) as Record<
    Name,
    number
  >;

const refusals: { [Kind in Refusing["kind"]]: (request: ApiRequest) => ApiError | undefined } = {
  refusePods: (request) => byQuota("pods", request),
  refuseInstances: (request) => byQuota("virtualmachineinstances", request),
  failWrites: ({ method }) =>
    method === "GET"
      ? undefined
      : new ApiError(500, { reason: "InternalError", message: "etcdserver: mvcc: database space exceeded" }),
};

function byQuota(plural: string, { method, path }: ApiRequest): ApiError | undefined {
  if (method !== "POST" || !path.endsWith(`/${plural}`)) return undefined;
  const message = `${plural} is forbidden: exceeded quota: ${plural}, requested: 1, used: 0, limited: 0`;
  return new ApiError(403, { reason: "Forbidden", message });
}

/** Every request is asked about: nobody is where nothing is refused. */
function refusingIn(now: Set<Worsening>): ((request: ApiRequest) => ApiError | undefined) | undefined {
  const kinds = (Object.keys(refusals) as Refusing["kind"][]).filter((kind) => of(now, kind).length > 0);
  if (kinds.length === 0) return undefined;
  return (request) => kinds.map((kind) => refusals[kind](request)).find((error) => error !== undefined);
}
