// What became of the CloudEvents that this executor sends.
import { gauge, type Metric } from "./metric.ts";

export const lifecycleMetrics: Metric[] = [
  {
    ...gauge<[string, number]>({
      name: "knvirt_executor_lifecycle_events_total",
      help: "Lifecycle CloudEvents since the executor's start by what became of them: sent, refused by the sink, failed there again and again, dropped because there were too many.",
      of: ({ lifecycle }) => Object.entries(lifecycle.fates),
      labels: { fate: ([fate]) => fate },
      value: ([, count]) => count,
    }),
    type: "counter",
  },
  gauge({
    name: "knvirt_executor_lifecycle_events_waiting",
    help: "Lifecycle CloudEvents that wait for the sink.",
    of: ({ lifecycle }) => [lifecycle.waiting],
    labels: {},
    value: (waiting) => waiting,
  }),
];
