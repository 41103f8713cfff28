// What a decision saw and did, in lines for people.
import { runStrategyOf, type VirtualMachine } from "@knvirt/api";
import { type Key, type KubernetesObject, keyText } from "@knvirt/kubernetes";
import { type Change, changesOf } from "./changes.ts";
import type { Verdict } from "./compare.ts";
import { mark } from "./hide.ts";
import type { Outcome } from "./outcome.ts";
import type { DecisionRecord } from "./record.ts";

export interface Told {
  record: DecisionRecord;
  verdict: Verdict;
  /** The same function and key, the time before. */
  previous: DecisionRecord | undefined;
  /** With all that the decision of today differs in. */
  diff: boolean;
}

export function linesOfDecision(told: Told): string[] {
  const { record } = told;
  const by = record.by === "sweep" ? " (sweep)" : "";
  return [
    `${record.at} ${record.function} ${keyText(record.key as Key)}${by}`,
    ...labelled("saw", [stateOf(record.observed)]),
    ...labelled("changed", changedLines(told)),
    ...labelled("did", didLines(record, record.observed)),
    ...labelled("really", record.really ? [`${record.really}: a hidden text had a say in it`] : []),
    ...labelled("NOW", nowLines(told)),
  ];
}

const labelled = (label: string, lines: string[]): string[] =>
  lines.map((line, index) => `  ${(index === 0 ? label : "").padEnd(8)} ${line}`);

/** Of each thing that was looked for, the word by which people know its state. */
function stateOf(observed: Record<string, unknown>): string {
  return Object.entries(observed)
    .flatMap(([name, value]) => {
      if (value === null) return name === "refusal" ? [] : [`no ${name}`];
      if (Array.isArray(value)) return value.map((item) => `${name} ${wordOf(item)}`);
      return isKubernetesObject(value) || name === "refusal" ? [`${name} ${wordOf(value)}`] : [];
    })
    .join(", ");
}

const isKubernetesObject = (value: unknown): value is KubernetesObject =>
  typeof value === "object" && value !== null && "kind" in value && "metadata" in value;

/** Objects come from a file: they may have any shape. */
function wordOf(value: unknown): string {
  if (!isKubernetesObject(value)) return shortened(value);
  const { kind, metadata, status } = value as KubernetesObject & { status?: Record<string, unknown> };
  const phase = status?.printableStatus ?? status?.phase ?? "without status";
  const strategy = kind === "VirtualMachine" ? `${strategyOf(value)} ` : "";
  return `${strategy}${phase}${metadata?.deletionTimestamp ? ", being deleted" : ""}`;
}

function strategyOf(value: KubernetesObject): string {
  try {
    return runStrategyOf(value as VirtualMachine);
  } catch {
    return "without spec";
  }
}

const mostChanges = 8;
/** These change with every write, and say nothing by themselves. */
const noise = /\.(managedFields|resourceVersion)\b|^\.now$/;

function changedLines({ record, previous }: Told): string[] {
  if (!previous) return [];
  const isOtherKey = previous.recording !== record.recording;
  const changes = changesOf(previous.observed, record.observed).filter(
    ({ path, before, after }) => !noise.test(path) && !(isOtherKey && isHidden(before) && isHidden(after)),
  );
  return limited(changes.map(lineOfChange));
}

const lineOfChange = ({ path, before, after }: Change): string =>
  `${path.slice(1)}: ${stateWord(before)} -> ${stateWord(after)}`;

const stateWord = (value: unknown): string => (isKubernetesObject(value) ? wordOf(value) : shortened(value));

const isHidden = (value: unknown): boolean => typeof value === "string" && value.startsWith(mark);

const limited = (lines: string[]): string[] =>
  lines.length <= mostChanges
    ? lines
    : [...lines.slice(0, mostChanges), `and ${lines.length - mostChanges} fields more`];

const longest = 100;

/** In one line, with nothing in it that a terminal would obey. */
function shortened(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, " ");
  return plain.length <= longest ? plain : `${plain.slice(0, longest)}...`;
}

interface Intended {
  verb?: string;
  object?: { kind?: string; metadata?: { name?: string }; observed?: string };
  status?: Record<string, unknown>;
  event?: { type?: string; reason?: string; message?: string };
  seconds?: unknown;
}

function didLines(outcome: Outcome, observed: Record<string, unknown>): string[] {
  if ("error" in outcome) return [`threw ${outcome.error.name}: ${shortened(outcome.error.message)}`];
  if (outcome.intents.length === 0) return ["nothing"];
  return (outcome.intents as Intended[]).flatMap((intent) => {
    const changes = statusLines(intent, observed);
    return [intentLine(intent) + (intent.status && changes.length === 0 ? " as it is" : ""), ...changes];
  });
}

function intentLine({ verb, object, event, seconds }: Intended): string {
  const target = object?.observed ?? [object?.kind, object?.metadata?.name].filter(Boolean).join(" ");
  if (verb === "requeue") return `requeue in ${seconds} s`;
  if (event) return `event ${event.type} ${event.reason}: ${shortened(event.message)}`;
  return `${verb} ${target}`;
}

/** What a status will say that it did not say before. */
function statusLines({ object, status = {} }: Intended, observed: Record<string, unknown>): string[] {
  const { status: before = {} } = (observed[object?.observed ?? ""] ?? {}) as { status?: Record<string, unknown> };
  const changes = Object.entries(status).flatMap(([name, value]) => changesOf(before[name], value, `.${name}`));
  return limited(changes.map((change) => `  ${lineOfChange(change)}`));
}

/** Nothing where the decision is the same. */
function nowLines({ record, verdict, diff }: Told): string[] {
  if (verdict.is === "same") return [];
  if (verdict.is === "unknown") return [`not decided: this checkout has no function ${record.function}`];
  const unread = verdict.unread.map((name) => `looks at ${name} too, which was not recorded`);
  if (!diff) return [...unread, ...didLines(verdict.now, record.observed)];
  const changes = changesOf(recordedPart(record), verdict.now);
  return [
    ...unread,
    ...changes.map(({ path, before, after }) => `${path.slice(1)}: ${fully(before)} -> ${fully(after)}`),
  ];
}

const recordedPart = (record: DecisionRecord): Outcome =>
  "error" in record ? { error: record.error } : { intents: record.intents };

const fully = (value: unknown): string => JSON.stringify(value) ?? "nothing";
