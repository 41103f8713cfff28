// Plans that once failed in a simulation, on Kubernetes' own API server: it answers what it answered there. It stands
// alone, as the simulated cluster brings its nodes and controllers with it.
import type { RealServer } from "../../compare/server/real.ts";
import { startRealWithKinds } from "../../simulation/replay/real.ts";
import { recordingOf } from "../../simulation/replay/recording.ts";
import { replay } from "../../simulation/replay/replay.ts";
import { reportOf, unexplainedIn } from "../../simulation/replay/report.ts";
import { regressions } from "../../simulation/seeds/named-plans.ts";

let server: RealServer;
beforeAll(async () => {
  server = await startRealWithKinds();
});
afterAll(() => server.stop());

test.each(regressions())("$name", async ({ name, plan }) => {
  const recording = await recordingOf(plan);
  expect(recording.length).toBeGreaterThan(100);
  const replayed = await replay(server, recording);
  console.log(reportOf(name, replayed).join("\n"));
  expect(unexplainedIn(replayed)).toEqual([]);
});
