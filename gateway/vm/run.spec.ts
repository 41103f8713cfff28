// Start, stop and restart through the gateway, with the functions that act on them and a node that follows.
import { type VirtualMachine, virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { namespaces } from "@knvirt/kubernetes";
import { namespace } from "../../standalone/testing/rig-objects.ts";
import { aVmi } from "../../test/support/builders.ts";
import { eventually } from "../../test/support/eventually.ts";
import { isSettled, type VmRig, withGateway } from "../testing/vm-rig.ts";

describe("a request", () => {
  const find = ({ client }: VmRig, name: string) => client.find(virtualMachines, { namespace, name });
  const running = (rig: VmRig, name: string) =>
    rig.vm(name, (vm) => vm?.status?.printableStatus === "Running" && isSettled(vm));

  it("that is a dry run changes nothing, and is refused as the real one", () =>
    withGateway(async (rig) => {
      await rig.createVm("dry");
      await running(rig, "dry");
      const before = await find(rig, "dry");
      const dryRun = ["All"];
      expect(await rig.put("dry", "stop", { dryRun, gracePeriod: 0 })).toEqual({ code: 202, text: "" });
      expect((await rig.put("dry", "restart", { dryRun })).code).toBe(202);
      expect((await rig.put("dry", "start", { dryRun })).code).toBe(409);
      expect(await find(rig, "dry")).toEqual(before);
    }));

  it("to restart gives the next instance the same identity", () =>
    withGateway(async (rig) => {
      await rig.createVm("again", { runStrategy: "Manual" });
      expect((await rig.put("again", "start")).code).toBe(202);
      await running(rig, "again");
      const first = await rig.vmi("again", (vmi) => vmi !== undefined);
      expect((await rig.put("again", "restart")).code).toBe(202);
      const second = await rig.vmi("again", (vmi) => vmi?.metadata.uid !== first?.metadata.uid && vmi !== undefined);
      expect(second?.spec.domain.firmware?.uuid).toBe(first?.spec.domain.firmware?.uuid);
      expect(second?.spec).toEqual(first?.spec);
    }));

  it("to start paused makes a halted VM one that runs, with a guest that waits", () =>
    withGateway(async (rig) => {
      await rig.createVm("waits", { runStrategy: "Halted" });
      expect((await rig.put("waits", "start", { paused: true })).code).toBe(202);
      const vmi = await rig.vmi("waits", (found) => found !== undefined);
      expect(vmi?.spec.startStrategy).toBe("Paused");
      const vm = await running(rig, "waits");
      expect(vm?.spec.runStrategy).toBe("Always");
      expect(vm?.status?.conditions?.map(({ type }) => type)).toEqual(["Ready"]);
    }));

  it("to stop by force shortens the time that a guest has left, also when it is stopping already", () =>
    withGateway(
      async (rig) => {
        await rig.createVm("slow");
        await rig.bind("slow");
        expect((await rig.put("slow", "stop", { gracePeriod: 60 })).code).toBe(409);
        expect((await rig.put("slow", "stop")).code).toBe(202);
        await rig.podOf("slow", (pod) => pod?.metadata.deletionGracePeriodSeconds === 60);
        expect((await rig.put("slow", "stop")).code).toBe(409);
        expect((await rig.put("slow", "stop", { gracePeriod: 0 })).code).toBe(202);
        await rig.podOf("slow", (pod) => pod?.metadata.deletionGracePeriodSeconds === 1);
        await rig.letGo("slow");
        await rig.vm("slow", (vm) => vm?.status?.printableStatus === "Stopped");
      },
      { idle: true },
    ));

  it("leaves alone an instance of the VM's name that belongs to somebody else", () =>
    withGateway(
      async (rig) => {
        const { client } = rig;
        const { uid = "" } = (await client.find(namespaces, { name: namespace }))?.metadata ?? {};
        const owner = { apiVersion: "v1", kind: "Namespace", name: namespace, uid, controller: true };
        const theirs = aVmi({ name: "theirs", namespace });
        const metadata = { ...theirs.metadata, ownerReferences: [owner] };
        await client.create(virtualMachineInstances, { ...theirs, metadata });
        await rig.createVm("theirs", { runStrategy: "Manual" });
        const texts = [await rig.put("theirs", "stop", { gracePeriod: 0 }), await rig.put("theirs", "restart")];
        const why = "VM is not running: the instance of its name belongs to Namespace default";
        for (const { code, text } of texts) expect([code, text]).toEqual([409, expect.stringContaining(why)]);
        const started = await rig.put("theirs", "start");
        expect([started.code, started.text]).toEqual([
          409,
          expect.stringContaining("VM cannot be started: the instance"),
        ]);
        const left = await client.find(virtualMachineInstances, { namespace, name: "theirs" });
        expect(left?.spec.terminationGracePeriodSeconds).toBe(theirs.spec.terminationGracePeriodSeconds);
        expect((await find(rig, "theirs"))?.status?.stateChangeRequests).toBeUndefined();
      },
      { idle: true },
    ));

  it("that fits no VM is answered with 404, and one that cannot be read with 400", () =>
    withGateway(async (rig) => {
      const missing = await rig.put("nobody", "start");
      expect(JSON.parse(missing.text)).toMatchObject({ code: 404, reason: "NotFound", status: "Failure" });
      expect((await rig.put("nobody", "restart", { gracePeriodSeconds: 5 })).code).toBe(400);
    }));
});

test("a template that changes while the guest runs needs a restart, and a changed strategy does not", () =>
  withGateway(async (rig) => {
    const key = { namespace, name: "changes" };
    await rig.createVm("changes", { runStrategy: "Manual" });
    await rig.put("changes", "start");
    await rig.vm("changes", (vm) => vm?.status?.printableStatus === "Running");
    const needs = (vm: VirtualMachine | undefined) =>
      vm?.status?.conditions?.some(({ type }) => type === "RestartRequired") ?? false;

    const always = await rig.client.mergePatch(virtualMachines, key, { patch: { spec: { runStrategy: "Always" } } });
    const { generation = 0 } = always.metadata;
    const same = await rig.vm("changes", (vm) => vm?.status?.observedGeneration === generation);
    expect(needs(same)).toBe(false);

    const hostname = { template: { spec: { hostname: "www" } } };
    await rig.client.mergePatch(virtualMachines, key, { patch: { spec: hostname } });
    const told = await rig.vm("changes", needs);
    expect(told?.status).toMatchObject({ observedGeneration: generation, desiredGeneration: generation + 1 });

    expect((await rig.put("changes", "restart")).code).toBe(202);
    const next = await eventually(async () => {
      const vm = await rig.client.find(virtualMachines, key);
      return vm?.status?.observedGeneration === generation + 1 && vm;
    });
    expect(needs(next)).toBe(false);
  }));
