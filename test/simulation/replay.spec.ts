// Plans that once failed, on the embedded API server: it answers what it answered in the simulation.
import type { EmbeddedServer } from "../compare/server/embedded.ts";
import { startEmbeddedWithoutControllers } from "./replay/embedded.ts";
import { recordingOf } from "./replay/recording.ts";
import { replay } from "./replay/replay.ts";
import { explanationsIn, unexplainedIn } from "./replay/report.ts";
import { regressions } from "./seeds/named-plans.ts";

let server: EmbeddedServer;
beforeAll(async () => {
  server = await startEmbeddedWithoutControllers();
});
afterAll(() => server.stop());

test.each(regressions())("$name", async ({ plan }) => {
  const recording = await recordingOf(plan);
  expect(recording.length).toBeGreaterThan(100);
  const replayed = await replay(server, recording);
  expect(unexplainedIn(replayed)).toEqual([]);
  expect([...explanationsIn(replayed).keys()]).toEqual(["typed-items"]);
});
