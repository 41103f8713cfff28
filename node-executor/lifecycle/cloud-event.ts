// A guest's event as a CloudEvent over HTTP in binary mode: attributes are headers, what it says is the body.
import { type LifecycleKind, virtualMachineInstances } from "@knvirt/api";
import { pathOf } from "@knvirt/kubernetes";
import { kinds } from "./kinds.ts";
import type { News } from "./news.ts";

/** Whose guest it is, and where. */
export interface Origin {
  namespace: string;
  name: string;
  /** Of the instance. */
  uid: string;
  podUid: string;
  node: string;
}

export interface CloudEvent {
  id: string;
  headers: Record<string, string>;
  body: string;
}

const typeOf = (kind: LifecycleKind): string => `dev.knvirt.vmi.${kind}`;

/** Each with what it says: docs/cloudevents.md lists them. */
const attributes: Record<string, { description: string; of: (origin: Origin, news: News) => string }> = {
  specversion: { description: "`1.0`", of: () => "1.0" },
  id: {
    description:
      "The launcher pod's uid, a dot, and the number of the event in that pod's life. The same event has the same id however often it is sent.",
    of: ({ podUid }, { sequence }) => `${podUid}.${sequence}`,
  },
  source: { description: "`knvirt.dev/nodes/<node>`", of: ({ node }) => `knvirt.dev/nodes/${node}` },
  type: { description: "See below.", of: (_origin, { kind }) => typeOf(kind) },
  subject: {
    description: "Path of the VirtualMachineInstance in the API.",
    of: ({ namespace, name }) => pathOf(virtualMachineInstances, { namespace, name }),
  },
  time: { description: "When it happened, RFC 3339.", of: (_origin, { time }) => time },
  namespace: {
    description: "Namespace of the instance, for the filter of a Trigger.",
    of: ({ namespace }) => namespace,
  },
  name: {
    description: "Name of the instance, which is its VirtualMachine's where it has one.",
    of: ({ name }) => name,
  },
};

export const attributeList = Object.entries(attributes).map(([name, { description }]) => ({ name, description }));

export const describedKind = (kind: LifecycleKind) => ({ type: typeOf(kind), when: kinds[kind].when });

type Schema = { type: "string" | "integer"; description: string };

const ownFields: Record<string, { schema: Schema; of: (origin: Origin, news: News) => string | number }> = {
  namespace: { schema: textField("Namespace of the instance."), of: ({ namespace }) => namespace },
  name: { schema: textField("Name of the instance."), of: ({ name }) => name },
  uid: { schema: textField("UID of the instance."), of: ({ uid }) => uid },
  pod: { schema: textField("UID of its launcher pod."), of: ({ podUid }) => podUid },
  node: { schema: textField("Node that it runs on."), of: ({ node }) => node },
  sequence: {
    schema: {
      type: "integer",
      description: "Number of the event in the life of the pod; a gap is what was left out.",
    },
    of: (_origin, { sequence }) => sequence,
  },
};

const furtherFields: Record<(typeof kinds)[LifecycleKind]["fields"][number], Schema> = {
  reason: textField("Why, in libvirt's word. Empty when it has none."),
  disk: textField("Name of the disk in the instance's spec."),
  action: textField("What was done about it, in libvirt's word."),
};

function textField(description: string): Schema {
  return { type: "string", description };
}

/** JSON schema of the body. */
export function schemaOf(kind: LifecycleKind): object {
  const own = Object.entries(ownFields).map(([name, { schema }]) => [name, schema]);
  const further = kinds[kind].fields.map((name) => [name, furtherFields[name]]);
  const properties = Object.fromEntries([...own, ...further]) as Record<string, Schema>;
  return { type: "object", required: Object.keys(properties), properties };
}

export function cloudEventOf(origin: Origin, news: News): CloudEvent {
  const headers: Record<string, string> = { "content-type": "application/json" };
  for (const [name, { of }] of Object.entries(attributes)) headers[`ce-${name}`] = escaped(of(origin, news));
  const own = Object.entries(ownFields).map(([name, { of }]) => [name, of(origin, news)]);
  const further = kinds[news.kind].fields.map((name) => [name, news[name]]);
  const body = JSON.stringify(Object.fromEntries([...own, ...further]));
  return { id: `${origin.podUid}.${news.sequence}`, headers, body };
}

/** The HTTP binding of CloudEvents: what is not printable ASCII, a space, a quote or a percent sign is percent-encoded. */
export const escaped = (text: string): string =>
  text.toWellFormed().replace(/[^\x21-\x7e]|["%]/gu, (character) => encodeURIComponent(character));
