// docs/cloudevents.md: every lifecycle event with its schema, from the declarations that the executor sends by.
import { lifecycleKinds } from "@knvirt/api";
import { lifecycleAttributes, lifecycleEvent, lifecycleSchema } from "@knvirt/node-executor";

export const cloudEventsPage = (): string => `${introduction}
## Attributes

Headers of the request, with \`ce-\` before each name; what is not printable ASCII is percent-encoded. The content type is
\`application/json\`.

| attribute | value |
| --- | --- |
${lifecycleAttributes.map(({ name, description }) => `| \`${name}\` | ${description} |`).join("\n")}

## Types

${lifecycleKinds
  .map((kind) => lifecycleEvent(kind))
  .map(rowOf)
  .join("\n")}

\`shutdown\`, \`stopped\` or \`crashed\` is the last event of each instance that ran.

## Schemas

The body by type, as JSON schema. Fields may be added; none is taken away or changes its meaning within a type.

${lifecycleKinds.map(schemaText).join("\n\n")}
`;

const rowOf = ({ type, when }: { type: string; when: string }): string => `- \`${type}\`: ${when}`;

const schemaText = (kind: (typeof lifecycleKinds)[number]): string =>
  `### ${lifecycleEvent(kind).type}\n\n\`\`\`json\n${JSON.stringify(lifecycleSchema(kind), null, 2)}\n\`\`\``;

const introduction = `<!-- Generated from node-executor/lifecycle by npm run generate. Do not edit. -->

# Lifecycle CloudEvents

What happens to a guest is sent as a CloudEvent 1.0 over HTTP, in binary mode, by the executor of its node, to one sink
for the whole installation: a Broker, a Service, or anything else that takes CloudEvents. Off until a sink is named, in
the KubeVirt object:

\`\`\`sh
kubectl patch kubevirt -n kubevirt kubevirt --type merge -p \\
  '{"spec":{"configuration":{"lifecycleEvents":{"sink":"http://broker-ingress.knative-eventing.svc.cluster.local/default/default"}}}}'
\`\`\`

On one machine \`npm start -- --events URL\` names it. It is taken up at once, in both cases without a restart of anything;
what happened before is not told. [examples/on-guest-panic](../examples/on-guest-panic) is a function that reacts to one.

**Delivery.** At least once, within bounds, and in order for each instance. An event is sent until the sink answers 2xx;
a sink that cannot be reached is tried again every 30 seconds at most, for as long as there is room. It is given up when the sink
refuses it (4xx but 408, 425 and 429, or a redirection), fails eight times to take it (5xx), when its guest has more than 100 at once and five a
second, or when more than 1000 events wait on the node: then the oldest of the guest with the most of them goes; guests take turns, so none waits behind all of another's. All that
was not delivered is counted in \`knvirt_executor_lifecycle_events_total\`, see [metrics.md](metrics.md), and logged, 25 at
once and then one a minute. A guest is never held up. A restarted executor goes
on where it was: launchers keep their last 32 events. It does not learn how a guest ended that ended while it was away,
and loses what waited of such guests: the status and events of the instance tell that.
What a guest repeats (rebooted, watchdog, ioerror, panicked) is told once a second at most.

**Receiving.** The same event may come twice, with the same \`id\`: leave out what you have seen. Sequence numbers say what
was left out. Nothing that a guest controls is in an attribute; the body has words of libvirt's and names of the API only.
The sink is trusted with names and nodes of all instances; nothing authenticates the sender, so treat an event as
a hint and read the object before doing harm. Certificates of an https sink are verified with the authorities of Node, and those
in the file that \`NODE_EXTRA_CA_CERTS\` names for the executor.
`;
