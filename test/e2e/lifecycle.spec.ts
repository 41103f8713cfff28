// What becomes of a guest when its objects are made and deleted.
import { virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { buildersFor } from "../support/builders.ts";
import { openGuestConsole } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { sharedHost } from "../support/shared-host.ts";
import { getVmi, removeVms, runningVmi } from "../support/vms.ts";

const host = sharedHost();
const { aVm, aVmi } = buildersFor(host);
const { client, namespace } = host;

afterAll(() => removeVms(host, "lives", "alone", "brief"));

const console = (name: string) => openGuestConsole(host.access, { namespace, name });

describe("an instance that is deleted", () => {
  it("is shut down in order, and followed by a new one where its VM always runs", async () => {
    await client.create(virtualMachines, aVm({ name: "lives" }));
    const first = await runningVmi(host, "lives");
    const guest = await console("lives");
    await guest.run("echo awake");

    await client.delete(virtualMachineInstances, { namespace, name: "lives" });

    await guest.saw("knvirt guest: powering off");
    guest.close();
    const second = await runningVmi(host, "lives", first);
    expect(second.metadata.uid).not.toBe(first.metadata.uid);
  });
});

describe("a VM that is deleted", () => {
  it("shuts its guest down in order and leaves nothing", async () => {
    await runningVmi(host, "lives");
    const guest = await console("lives");
    await guest.run("echo awake");

    await client.delete(virtualMachines, { namespace, name: "lives" });

    await guest.saw("knvirt guest: powering off");
    guest.close();
    await removeVms(host, "lives");
  });

  it("leaves nothing when it was still booting", async () => {
    await client.create(virtualMachines, aVm({ name: "brief" }));
    await eventually(() => getVmi(host, "brief"), { what: "vmi brief exists", evidence: () => host.evidence() });
    await removeVms(host, "brief");
  });
});

describe("an instance without a VM", () => {
  it("runs, and has Succeeded when its guest powers off", async () => {
    await client.create(virtualMachineInstances, aVmi({ name: "alone" }));
    await runningVmi(host, "alone");
    const guest = await console("alone");
    await guest.run("echo awake");
    await guest.run("poweroff -f & sleep 0").catch(() => undefined);
    guest.close();
    await eventually(async () => (await getVmi(host, "alone"))?.status?.phase === "Succeeded", {
      what: "vmi alone has Succeeded",
      evidence: () => host.evidence(),
    });
  });
});
