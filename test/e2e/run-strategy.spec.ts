// When an instance of a VM runs, and when it runs again.
import { type VirtualMachine, virtualMachines } from "@knvirt/api";
import { aVm } from "../support/builders.ts";
import { openGuestConsole } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { getVm, getVmi, removeVms, runningVmi, sharedInstance } from "../support/instance.ts";

const cluster = sharedInstance();
const key = (name: string) => ({ namespace: "default", name });
const names = ["always", "halted", "manual", "rerun", "once"];

afterAll(() => removeVms(cluster, ...names));

async function powerOff(name: string): Promise<void> {
  const guest = await openGuestConsole(cluster.access, key(name));
  await guest.run("echo awake");
  await guest.run("poweroff -f & sleep 0").catch(() => undefined);
  guest.close();
}

const statusOf = (name: string, printableStatus: string): Promise<VirtualMachine> =>
  eventually(
    async () => {
      const vm = await getVm(cluster, name);
      return vm?.status?.printableStatus === printableStatus && vm;
    },
    { what: `vm ${name} is ${printableStatus}`, evidence: () => cluster.evidence() },
  );

describe("run strategy Always", () => {
  it("starts a new instance when the guest powers off", async () => {
    await cluster.client.create(virtualMachines, aVm({ name: "always", runStrategy: "Always" }));
    const first = await runningVmi(cluster, "always");
    await powerOff("always");

    const second = await runningVmi(cluster, "always", first);

    expect(second.metadata.uid).not.toBe(first.metadata.uid);
  });

  it("stops the guest when it becomes Halted, and starts it when it is Always again", async () => {
    const first = await runningVmi(cluster, "always");
    await cluster.client.mergePatch(virtualMachines, key("always"), { patch: { spec: { runStrategy: "Halted" } } });
    await statusOf("always", "Stopped");
    await eventually(async () => !(await getVmi(cluster, "always")), { what: "its instance is gone" });

    await cluster.client.mergePatch(virtualMachines, key("always"), { patch: { spec: { runStrategy: "Always" } } });

    await runningVmi(cluster, "always", first);
  });
});

describe("run strategy Halted", () => {
  it("makes no instance", async () => {
    await cluster.client.create(virtualMachines, aVm({ name: "halted", runStrategy: "Halted" }));
    const vm = await statusOf("halted", "Stopped");
    expect(vm.status?.created ?? false).toBe(false);
    expect(await getVmi(cluster, "halted")).toBeUndefined();
  });
});

describe("run strategy Manual", () => {
  it("starts by request only, and stays stopped when the guest powers off", async () => {
    await cluster.client.create(virtualMachines, aVm({ name: "manual", runStrategy: "Manual" }));
    await statusOf("manual", "Stopped");
    await cluster.client.mergePatch(virtualMachines, key("manual"), {
      patch: { status: { stateChangeRequests: [{ action: "Start" }] } },
      subresource: "status",
    });
    await runningVmi(cluster, "manual");
    await powerOff("manual");

    await statusOf("manual", "Stopped");

    expect((await getVmi(cluster, "manual"))?.status?.phase).toBe("Succeeded");
  });
});

describe("run strategy RerunOnFailure", () => {
  it("stays stopped after the guest powered off in order", async () => {
    await cluster.client.create(virtualMachines, aVm({ name: "rerun", runStrategy: "RerunOnFailure" }));
    await runningVmi(cluster, "rerun");
    await powerOff("rerun");
    await statusOf("rerun", "Stopped");
  });
});

describe("run strategy Once", () => {
  it("runs once", async () => {
    await cluster.client.create(virtualMachines, aVm({ name: "once", runStrategy: "Once" }));
    const first = await runningVmi(cluster, "once");
    await powerOff("once");
    await statusOf("once", "Stopped");
    expect((await getVmi(cluster, "once"))?.metadata.uid).toBe(first.metadata.uid);
  });
});
