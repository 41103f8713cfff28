// Events are hints: lost, doubled and overtaken ones change how soon something happens, never what happens.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { events, pods } from "@knvirt/kubernetes";
import { aVm } from "../support/builders.ts";
import { type Started, startInstance } from "../support/instance.ts";
import { removeVms, runningVmi } from "../support/vms.ts";

const cases = [
  { what: "every event is lost", faults: { drop: 1 } },
  { what: "every event is doubled and half of them are overtaken", faults: { duplicate: 1, reorder: 0.5 } },
];

describe.each(cases)("when $what", ({ faults }) => {
  let knvirt: Started;

  beforeAll(async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "knvirt-events-"));
    const env = { KNVIRT_EVENT_FAULTS: JSON.stringify(faults), SWEEP_SECONDS: "1" };
    knvirt = await startInstance(dataDir, ["--no-example"], env);
  });
  afterAll(() => knvirt.run(["stop", "--purge"]));

  it("a VM still comes up, with one of everything, and goes away without a rest", async () => {
    await knvirt.client.create(virtualMachines, aVm());
    await runningVmi(knvirt, "web");

    expect((await knvirt.client.list(virtualMachineInstances)).items).toHaveLength(1);
    expect((await knvirt.client.list(pods)).items).toHaveLength(1);
    const { items } = await knvirt.client.list(events);
    expect(items.filter(({ reason }) => reason === "SuccessfulCreate")).toEqual([
      expect.objectContaining({ count: 1 }),
    ]);

    await removeVms(knvirt, "web");
  });
});
