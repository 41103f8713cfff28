// A VM that is started, stopped and restarted by request, in the protocol of virtctl.
import { type VirtualMachine, virtualMachines } from "@knvirt/api";
import { buildersFor } from "../support/builders.ts";
import { askGuest } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { sharedHost } from "../support/shared-host.ts";
import { callSubresource } from "../support/subresources.ts";
import { getVm, getVmi, removeVms, runningVmi } from "../support/vms.ts";

const host = sharedHost();
const { client, namespace } = host;
const { aSpec, aVm } = buildersFor(host);
const name = "by-request";
const key = { namespace, name };

beforeAll(() => client.create(virtualMachines, aVm({ name, runStrategy: "Halted" })));
afterAll(() => removeVms(host, name, "deaf", "at-random"));

const put = (what: string, body: object = {}) => callSubresource(host, what, { of: "virtualmachines", body });
const bootId = (): Promise<string> => askGuest(host, name, "cat /proc/sys/kernel/random/boot_id");

const told = (of: string, printableStatus: string): Promise<VirtualMachine> =>
  eventually(
    async () => {
      const vm = await getVm(host, of);
      return vm?.status?.printableStatus === printableStatus && vm;
    },
    { what: `vm ${of} is told as ${printableStatus}`, evidence: () => host.evidence() },
  );

describe("a VM that is halted", () => {
  it("is started, once, and not by a dry run", async () => {
    expect(await put(`${name}/stop`)).toMatchObject({ code: 409, message: expect.stringContaining("not running") });
    expect(await put(`${name}/start`, { dryRun: ["All"] })).toMatchObject({ code: 202 });
    expect((await getVm(host, name))?.spec.runStrategy).toBe("Halted");

    const { code, bytes } = await put(`${name}/start`);

    expect({ code, length: bytes.length }).toEqual({ code: 202, length: 0 });
    await runningVmi(host, name);
    await told(name, "Running");
    expect((await getVm(host, name))?.spec.runStrategy).toBe("Always");
    expect(await put(`${name}/start`)).toMatchObject({
      code: 409,
      message: expect.stringContaining("already running"),
    });
  });
});

describe("a VM that runs", () => {
  it("is restarted in order, and keeps its identity", async () => {
    const [before, boot] = [await getVmi(host, name), await bootId()];
    expect(await put(`${name}/restart`)).toMatchObject({ code: 202 });
    const after = await runningVmi(host, name, before);
    expect(await bootId()).not.toBe(boot);
    expect(after.spec.domain.firmware?.uuid).toBe(before?.spec.domain.firmware?.uuid);
    await told(name, "Running");
  });

  it("needs a restart when its template has changed", async () => {
    const patch = { spec: { template: { spec: { hostname: "renamed" } } } };
    await client.mergePatch(virtualMachines, key, { patch });
    const needs = async () =>
      (await getVm(host, name))?.status?.conditions?.some(({ type }) => type === "RestartRequired") ?? false;
    await eventually(needs, { what: "RestartRequired is told" });

    const before = await getVmi(host, name);
    expect(await put(`${name}/restart`, { gracePeriodSeconds: 0 })).toMatchObject({ code: 202 });

    await runningVmi(host, name, before);
    await eventually(async () => !(await needs()), { what: "RestartRequired is over" });
  });

  it("is stopped, and stays so", async () => {
    expect(await put(`${name}/stop`)).toMatchObject({ code: 202 });
    await told(name, "Stopped");
    expect((await getVm(host, name))?.spec.runStrategy).toBe("Halted");
    await eventually(async () => !(await getVmi(host, name)), { what: "its instance is gone" });
  });
});

describe("a guest that takes its time", () => {
  it("is ended when the time it was given is taken back, also while it stops", async () => {
    const spec = aSpec({ terminationGracePeriodSeconds: 600 });
    await client.create(virtualMachines, aVm({ name: "deaf", runStrategy: "Manual", spec }));
    await put("deaf/start");
    await runningVmi(host, "deaf");
    // Nothing in it listens any more to what would switch it off.
    await askGuest(host, "deaf", "kill -STOP $(pidof acpid)");
    expect(await put("deaf/stop", { gracePeriod: 700 })).toMatchObject({ code: 409 });
    expect(await put("deaf/stop")).toMatchObject({ code: 202 });
    await told("deaf", "Stopping");

    expect(await put("deaf/stop", { gracePeriod: 0 })).toMatchObject({ code: 202 });

    await told("deaf", "Stopped");
    await eventually(async () => !(await getVmi(host, "deaf")), { what: "its instance is gone" });
  });
});

describe("requests of all kinds, pauses among them", () => {
  const of = (verb: string) => callSubresource(host, `at-random/${verb}`, { body: {} });
  const plan = [
    "start",
    "pause",
    "unpause",
    "restart",
    "pause",
    "stop",
    "start",
    "restart",
    "stop",
    "start",
    "pause",
  ];

  it("leave the VM as the last one says", async () => {
    await client.create(virtualMachines, aVm({ name: "at-random", runStrategy: "Halted" }));
    for (const verb of plan) {
      const ask = () => (verb.endsWith("pause") ? of(verb) : put(`at-random/${verb}`));
      const isTaken = async () => [200, 202].includes((await ask()).code);
      await eventually(isTaken, { seconds: 90, what: `${verb} is taken`, evidence: () => host.evidence() });
    }
    await told("at-random", "Paused");
    await put("at-random/stop");
    await told("at-random", "Stopped");
  });
});
