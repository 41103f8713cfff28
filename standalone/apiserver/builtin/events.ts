// Events, in both APIs: events.k8s.io/v1 is another view of what core/v1 stores.
import type { StatusCause } from "../errors.ts";
import { isRecord, type KubernetesObject } from "../object.ts";
import { durationText } from "../table/age.ts";
import type { TableColumns } from "../table/columns.ts";
import { builtIn } from "./built-in.ts";
import { fields, integer, objectReference, objectSchema, oneOf, text, time } from "./fields.ts";

const series = fields("A run of equal events.", {
  count: integer("How many there were."),
  lastObservedTime: time("When the last one was."),
});

const eventTypes = ["Normal", "Warning"];

const coreSchema = objectSchema(
  "Event tells what happened to an object.",
  {
    involvedObject: objectReference("The object it happened to."),
    reason: text("One word for what happened."),
    message: text("A sentence for people."),
    source: fields("Who tells it.", { component: text("Program."), host: text("Node.") }),
    firstTimestamp: { ...time("When it happened first."), nullable: true },
    lastTimestamp: { ...time("When it happened last."), nullable: true },
    count: integer("How often it happened."),
    type: oneOf("Normal or Warning.", eventTypes),
    eventTime: { ...time("When it happened."), nullable: true },
    series: { ...series, nullable: true },
    action: text("What was done or failed."),
    related: { ...objectReference("A second object that it is about."), nullable: true },
    reportingComponent: text("Program that tells it."),
    reportingInstance: text("Instance of the program."),
  },
  { required: ["involvedObject"] },
);

/** Names of the same fields in both APIs. */
const renamed: Record<string, string> = {
  involvedObject: "regarding",
  message: "note",
  source: "deprecatedSource",
  firstTimestamp: "deprecatedFirstTimestamp",
  lastTimestamp: "deprecatedLastTimestamp",
  count: "deprecatedCount",
  reportingComponent: "reportingController",
};
const original = Object.fromEntries(Object.entries(renamed).map(([core, other]) => [other, core]));

const rename = <Value>(record: Record<string, Value>, names: Record<string, string>): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [names[name] ?? name, value]));

const coreProperties = coreSchema.properties ?? {};

const groupedSchema = {
  ...coreSchema,
  properties: rename(coreProperties, renamed),
  required: ["regarding"],
};

const strategy = {
  withoutGeneration: true,
  ownsNothing: true,
  blank: { involvedObject: {}, source: {} },
  validate: placeCauses,
};

/** An event stands where what it is about stands; what has no namespace is told of in one. */
function placeCauses({ metadata, ...event }: KubernetesObject): StatusCause[] {
  const about = textAt(event.involvedObject ?? event.regarding, "namespace");
  if (
    about === (metadata.namespace ?? "") ||
    (about === "" && ["default", "kube-system"].includes(metadata.namespace ?? ""))
  )
    return [];
  const message = `Invalid value: ${JSON.stringify(about)}: does not match event.namespace`;
  return [{ reason: "FieldValueInvalid", message, field: "involvedObject.namespace" }];
}

const selectableFields = [
  ...["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map(
    (field) => `.involvedObject.${field}`,
  ),
  ...[".reason", ".type", ".source.component", ".reportingComponent"],
];

const textAt = (value: unknown, field: string): string =>
  isRecord(value) && typeof value[field] === "string" ? value[field] : "";

const lastSeen = ({ series: run, lastTimestamp, eventTime, metadata }: KubernetesObject): string =>
  textAt(run, "lastObservedTime") || String(lastTimestamp ?? eventTime ?? metadata.creationTimestamp);

const firstSeen = ({ firstTimestamp, eventTime, metadata }: KubernetesObject): string =>
  String(firstTimestamp ?? eventTime ?? metadata.creationTimestamp);

const since = (moment: string, now: Date): string => durationText((now.getTime() - Date.parse(moment)) / 1000);

const countOf = ({ series: run, count }: KubernetesObject): number =>
  Number(isRecord(run) ? run.count : (count ?? 1));

function sourceOf({ source, reportingComponent, reportingInstance }: KubernetesObject): string {
  const component = textAt(source, "component") || String(reportingComponent ?? "");
  const host = textAt(source, "host") || String(reportingInstance ?? "");
  return host && host !== component ? `${component}, ${host}` : component;
}

const column = (name: string, description: string, priority = 0) => ({ name, type: "string", description, priority });

const table: TableColumns = {
  columns: [
    column("Last Seen", "Time since it happened last."),
    column("Type", "Normal or Warning."),
    column("Reason", "One word for what happened."),
    column("Object", "The object it happened to."),
    column("Subobject", "Part of the object.", 1),
    column("Source", "Who tells it.", 1),
    column("Message", "A sentence for people."),
    column("First Seen", "Time since it happened first.", 1),
    column("Count", "How often it happened.", 1),
    { ...column("Name", "Name of the event.", 1), format: "name" },
  ],
  cells: (event, now) => {
    const { involvedObject, type, reason, message, metadata } = event;
    const object = `${textAt(involvedObject, "kind").toLowerCase()}/${textAt(involvedObject, "name")}`;
    return [
      ...[since(lastSeen(event), now), String(type ?? ""), String(reason ?? ""), object],
      ...[textAt(involvedObject, "fieldPath"), sourceOf(event), String(message ?? "").trim()],
      ...[since(firstSeen(event), now), countOf(event), metadata.name],
    ];
  },
};

const names = { kind: "Event", plural: "events", namespaced: true, shortNames: ["ev"] };

export const coreEvents = builtIn({ ...names, schema: coreSchema, selectableFields }, { strategy, table });

export const groupedEvents = builtIn(
  {
    ...names,
    group: "events.k8s.io",
    schema: groupedSchema,
    selectableFields: [
      ...selectableFields
        .filter((path) => path.startsWith(".involved"))
        .map((path) => path.replace("involvedObject", "regarding")),
      ...[".reason", ".type", ".reportingController"],
    ],
  },
  {
    strategy,
    table: { ...table, cells: (event, now) => table.cells(toCore(event), now) },
    storedAs: "events",
    storedApiVersion: "v1",
    toStored: toCore,
    fromStored: (event) => ({ ...rename(event, renamed), apiVersion: "events.k8s.io/v1" }) as KubernetesObject,
  },
);

function toCore(event: KubernetesObject): KubernetesObject {
  return { ...rename(event, original), apiVersion: "v1" } as KubernetesObject;
}
