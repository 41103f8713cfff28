// Pods, as the pod runner of this host understands them.
import { builtIn } from "../built-in.ts";
import { type PodLog, podEndpoints } from "./endpoints.ts";
import { podSchema } from "./schema.ts";
import { podStrategy } from "./strategy.ts";
import { podTable } from "./table.ts";

export const pods = (podLog: PodLog) =>
  builtIn(
    {
      ...{ kind: "Pod", plural: "pods", namespaced: true, shortNames: ["po"], categories: ["all"] },
      ...{ schema: podSchema, subresources: { status: true } },
      selectableFields: [
        ...[".spec.nodeName", ".spec.restartPolicy", ".spec.schedulerName", ".spec.serviceAccountName"],
        ...[".status.phase", ".status.podIP", ".status.nominatedNodeName"],
      ],
    },
    { strategy: podStrategy, table: podTable, endpoints: podEndpoints(podLog) },
  );
