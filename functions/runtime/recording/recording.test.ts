import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@knvirt/kubernetes";
import type { Log } from "../log.ts";
import type { DecisionRecord, Omission } from "./record.ts";
import { startRecording } from "./recording.ts";
import type { RecordSettings } from "./settings.ts";
import { decisionOf, functionThat, key, stopped } from "./testing/decisions.ts";
import { noon } from "./testing/observations.ts";
import { version } from "./version.ts";

const folder = mkdtempSync(join(tmpdir(), "knvirt-recording-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Line {
  decision?: DecisionRecord | Omission;
  err?: Error;
}

function started(settings: RecordSettings) {
  const lines: [Line, string][] = [];
  const write = (fields: Line, text: string) => void lines.push([fields, text]);
  const log = { debug: write, info: write, warn: write, error: write } as unknown as Log;
  const clock = { ...systemClock, now: () => noon };
  return { lines, ...startRecording(settings, { log, clock, secret: Buffer.from("s") }) };
}

const idle = functionThat(() => []);

test("decisions go to the log, numbered", () => {
  const { lines, onDecision } = started({ to: "log" });
  for (let count = 0; count < 2; count++) onDecision(decisionOf(idle, stopped));
  expect(lines).toMatchObject(
    [1, 2].map((number) => [{ decision: { number, knvirt: version, intents: [] } }, "decision recorded"]),
  );
});

test("decisions go to a file, a line each", async () => {
  const path = join(folder, "decisions");
  const { lines, onDecision, close } = started({ to: "file", path, limitBytes: 2 ** 20 });
  onDecision({ ...decisionOf(idle, stopped), by: "sweep" });
  await close();
  const { decision } = JSON.parse(readFileSync(path, "utf8")) as Required<Line>;
  expect(decision).toMatchObject({ function: "vm", key, by: "sweep", at: noon.toISOString() });
  expect(lines).toEqual([]);
});

test("of a decision that is too large it is recorded whose it is", () => {
  const { lines, onDecision } = started({ to: "log" });
  const vm = { ...stopped.vm, metadata: { name: "web", finalizers: ["x".repeat(300_000)] } };
  onDecision(decisionOf(idle, { ...stopped, vm }));
  expect(lines).toMatchObject([[{ decision: { function: "vm", key, number: 1 } }, "decision recorded"]]);
  expect(JSON.stringify(lines).length).toBeLessThan(1_000);
  expect(lines.map(([{ decision }]) => (decision as Omission).omittedBytes > 300_000)).toEqual([true]);
});

test("what cannot be recorded is told once, and nobody else notices", () => {
  const { lines, onDecision } = started({ to: "log" });
  const round: Record<string, unknown> = {};
  round.metadata = round;
  for (let count = 0; count < 3; count++)
    onDecision({ definition: idle, key, observed: { round }, made: { intents: [] } });
  onDecision(decisionOf(idle, stopped));
  expect(lines.map(([, text]) => text)).toEqual(["decision cannot be recorded", "decision recorded"]);
});
