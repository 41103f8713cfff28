// When an instance of a VM runs, and when it runs again.
import { type VirtualMachine, virtualMachines } from "@knvirt/api";
import { buildersFor } from "../support/builders.ts";
import { openGuestConsole } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { sharedHost } from "../support/shared-host.ts";
import { getVm, getVmi, removeVms, runningVmi } from "../support/vms.ts";

const host = sharedHost();
const { aVm } = buildersFor(host);
const key = (name: string) => ({ namespace: host.namespace, name });
const names = ["always", "halted", "manual", "rerun", "once"];

afterAll(() => removeVms(host, ...names));

async function powerOff(name: string): Promise<void> {
  const guest = await openGuestConsole(host.access, key(name));
  await guest.run("echo awake");
  await guest.run("poweroff -f & sleep 0").catch(() => undefined);
  guest.close();
}

const statusOf = (name: string, printableStatus: string): Promise<VirtualMachine> =>
  eventually(
    async () => {
      const vm = await getVm(host, name);
      return vm?.status?.printableStatus === printableStatus && vm;
    },
    { what: `vm ${name} is ${printableStatus}`, evidence: () => host.evidence() },
  );

describe("run strategy Always", () => {
  it("starts a new instance when the guest powers off", async () => {
    await host.client.create(virtualMachines, aVm({ name: "always", runStrategy: "Always" }));
    const first = await runningVmi(host, "always");
    await powerOff("always");

    const second = await runningVmi(host, "always", first);

    expect(second.metadata.uid).not.toBe(first.metadata.uid);
  });

  it("stops the guest when it becomes Halted, and starts it when it is Always again", async () => {
    const first = await runningVmi(host, "always");
    await host.client.mergePatch(virtualMachines, key("always"), { patch: { spec: { runStrategy: "Halted" } } });
    await statusOf("always", "Stopped");
    await eventually(async () => !(await getVmi(host, "always")), { what: "its instance is gone" });

    await host.client.mergePatch(virtualMachines, key("always"), { patch: { spec: { runStrategy: "Always" } } });

    await runningVmi(host, "always", first);
  });
});

describe("run strategy Halted", () => {
  it("makes no instance", async () => {
    await host.client.create(virtualMachines, aVm({ name: "halted", runStrategy: "Halted" }));
    const vm = await statusOf("halted", "Stopped");
    expect(vm.status?.created ?? false).toBe(false);
    expect(await getVmi(host, "halted")).toBeUndefined();
  });
});

describe("run strategy Manual", () => {
  it("starts by request only, and stays stopped when the guest powers off", async () => {
    await host.client.create(virtualMachines, aVm({ name: "manual", runStrategy: "Manual" }));
    await statusOf("manual", "Stopped");
    await host.client.mergePatch(virtualMachines, key("manual"), {
      patch: { status: { stateChangeRequests: [{ action: "Start" }] } },
      subresource: "status",
    });
    await runningVmi(host, "manual");
    await powerOff("manual");

    await statusOf("manual", "Stopped");

    expect((await getVmi(host, "manual"))?.status?.phase).toBe("Succeeded");
  });
});

describe("run strategy RerunOnFailure", () => {
  it("stays stopped after the guest powered off in order", async () => {
    await host.client.create(virtualMachines, aVm({ name: "rerun", runStrategy: "RerunOnFailure" }));
    await runningVmi(host, "rerun");
    await powerOff("rerun");
    await statusOf("rerun", "Stopped");
  });
});

describe("run strategy Once", () => {
  it("runs once", async () => {
    await host.client.create(virtualMachines, aVm({ name: "once", runStrategy: "Once" }));
    const first = await runningVmi(host, "once");
    await powerOff("once");
    await statusOf("once", "Stopped");
    expect((await getVmi(host, "once"))?.metadata.uid).toBe(first.metadata.uid);
  });
});
