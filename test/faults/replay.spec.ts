// What was found in simulated worlds, played again on the real system: real processes that die, real guests, real events
// that get lost. Each plan has a namespace of its own; what one machine does not have is left out, and said in its name.
// Left out of all of them are the claims of their VMs: the example guest needs no disk.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { namespaces } from "@knvirt/kubernetes";
import { regressions } from "../simulation/seeds/named-plans.ts";
import { eventually } from "../support/eventually.ts";
import { type Instance, type Started, sharedInstance, startInstance } from "../support/instance.ts";
import { removeVms } from "../support/vms.ts";
import { endsOf, notPlayed } from "./replay/ends.ts";
import { eventFaultsOf, leftOutOf, namesIn, partsOf } from "./replay/parts.ts";
import { play } from "./replay/play.ts";
import { openScene, type Scene, withEvidence } from "./replay/scene.ts";
import { endsReached, revisions, storedIn, strayGuests } from "./replay/states.ts";

const played = regressions()
  .filter(({ name }) => !Object.hasOwn(notPlayed, name))
  .map((each) => ({
    ...each,
    leftOut: leftOutOf(each.plan).join("; ") || "nothing",
    faults: eventFaultsOf(each.plan),
  }));

const quietSeconds = 20;

/** Plans that follow one another on one instance, and then the peace that all of them leave. */
function replayed(instance: () => Instance, plans: typeof played): void {
  const scenes: Scene[] = [];
  afterAll(() => scenes.forEach((scene) => void scene.close()));

  it.each(plans)("$name ends as its users want; left out: $leftOut", async ({ name, plan }) => {
    const ends = endsOf(name);
    const scene = await openScene(instance(), { name, plan, ends });
    scenes.push(scene);
    await withEvidence([scene], async () => {
      await play(scene, () => endsReached(scene));
      const hasDeaths = partsOf(plan).some(({ isDeed }) => !isDeed);
      expect({ hasDeaths: scene.deaths() > 0 }).toEqual({ hasDeaths });
    });
  });

  it("nothing is written any more, and nothing is there that nobody wants", () =>
    withEvidence(scenes, async () => {
      await eventually(() => scenes.every(({ written }) => written.quietMs() > quietSeconds * 1000), {
        what: `nothing is written for ${quietSeconds} s`,
      });
      for (const scene of scenes) {
        expect(revisions(scene.written.objects())).toEqual(revisions(await storedIn(scene.host)));
        await endsReached(scene);
      }
      expect(await strayGuests(instance())).toEqual([]);
    }));

  it("all of them go without a rest", () =>
    withEvidence(scenes, async () => {
      await Promise.all(scenes.map(({ host, plan }) => removeVms(host, ...namesIn(plan))));
      for (const { host } of scenes) {
        expect(await storedIn(host)).toEqual([]);
        await host.client.delete(namespaces, { name: host.namespace });
      }
      expect(await strayGuests(instance())).toEqual([]);
    }));
}

describe("on one machine", () => {
  replayed(
    sharedInstance,
    played.filter(({ faults }) => !faults),
  );
});

describe.each(played.filter(({ faults }) => faults))(
  "on one machine whose events are lost or late, as in $name",
  (each) => {
    let knvirt: Started;
    replayed(() => knvirt, [each]);

    beforeAll(async () => {
      const dataDir = mkdtempSync(join(tmpdir(), "knvirt-replay-"));
      const env = { KNVIRT_EVENT_FAULTS: JSON.stringify(each.faults), SWEEP_SECONDS: "1" };
      knvirt = await startInstance(dataDir, ["--no-example"], env);
    });
    afterAll(() => knvirt.run(["stop", "--purge"]));
  },
);
