import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { systemClock } from "@knvirt/kubernetes";
import type { DomainEvent } from "@knvirt/proto";
import { pino } from "pino";
import { eventually } from "../../test/support/eventually.ts";
import type { LauncherConnection } from "../launcher-connection.ts";
import type { Session } from "../sessions.ts";
import { aDomain, aPod, at, node } from "../testing/objects.ts";
import type { CloudEvent } from "./cloud-event.ts";
import { openCursorFile } from "./cursor-file.ts";
import { type Lifecycle, openLifecycle } from "./index.ts";

let stateDir: string;
let lifecycle: Lifecycle;
let sent: CloudEvent[];
let sink: string | undefined;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "knvirt-lifecycle-"));
  [sent, sink] = [[], "http://sink/"];
});
afterEach(async () => {
  await lifecycle.close();
  rmSync(stateDir, { recursive: true });
});

/** The sink is a process outside: here it takes everything at once. */
function open(): Lifecycle {
  lifecycle = openLifecycle({
    node,
    cursorFile: openCursorFile(stateDir),
    sink: () => sink,
    ready: Promise.resolve(),
    log: pino({ enabled: false }),
    clock: { ...systemClock, now: () => at("12:00:05") },
    courier: {
      deliver: async (_url, event) => {
        sent.push(event);
        return { verdict: "sent", detail: "answered 202" };
      },
      close: () => undefined,
    },
  });
  return lifecycle;
}

const events = (...kinds: string[]): DomainEvent[] =>
  kinds.map((kind, index) => ({
    sequence: index + 1,
    kind,
    time: at("12:00:01").toISOString(),
    reason: "",
    disk: "",
    action: "",
  }));
const session = (...kinds: string[]): Session => ({
  pod: aPod(),
  podUid: "pod-uid",
  vmi: { namespace: "default", name: "web" },
  launcher: { domain: aDomain({ events: events(...kinds) }) } as LauncherConnection,
});
const ids = (): string[] => sent.map(({ id }) => id);
const kept = (): unknown => JSON.parse(readFileSync(join(stateDir, "lifecycle-events.json"), "utf8"));
const keeps = (want: object) =>
  eventually(() => {
    try {
      return JSON.stringify(kept()) === JSON.stringify(want);
    } catch {
      return false;
    }
  });

it("sends each event once, however often its launcher says it", async () => {
  open();
  lifecycle.listen(session("started"));
  lifecycle.listen(session("started", "paused"));
  lifecycle.listen(session("started", "paused"));
  await eventually(() => lifecycle.counts().waiting === 0);
  expect(ids()).toEqual(["pod-uid.1", "pod-uid.2"]);
});

it("goes on after a restart where it was", async () => {
  open();
  lifecycle.listen(session("started"));
  await eventually(() => lifecycle.counts().waiting === 0);
  lifecycle.told(session("started"), 1);
  await lifecycle.close();
  expect(kept()).toEqual({ "pod-uid": { told: 1, sent: 1 } });
  open();
  lifecycle.listen(session("started", "panicked"));
  await eventually(() => lifecycle.counts().waiting === 0);
  expect(ids()).toEqual(["pod-uid.1", "pod-uid.2"]);
  expect(lifecycle.newsOf(session("started", "panicked")).map(({ kind }) => kind)).toEqual(["panicked"]);
});

it("does not tell of the past when a sink is configured", async () => {
  sink = undefined;
  open();
  lifecycle.listen(session("started"));
  await keeps({ "pod-uid": { told: 0, sent: 1 } });
  sink = "http://sink/";
  lifecycle.listen(session("started", "paused"));
  await eventually(() => sent.length > 0);
  expect(ids()).toEqual(["pod-uid.2"]);
});

it("forgets pods that are gone, and tells nothing of them any more", async () => {
  open();
  lifecycle.listen(session("started"));
  await keeps({ "pod-uid": { told: 0, sent: 1 } });
  lifecycle.forget("pod-uid");
  expect(lifecycle.newsOf(session("started"))).toEqual([]);
  await keeps({});
});

it.each(["{", "", "null", '{"pod-uid":null}', '{"pod-uid":{}}'])(
  "begins anew when what it kept is %j",
  async (text) => {
    writeFileSync(join(stateDir, "lifecycle-events.json"), text);
    open();
    lifecycle.listen(session("started"));
    await eventually(() => sent.length > 0);
    expect(ids()).toEqual(["pod-uid.1"]);
  },
);
