// `npm start` may be killed with all its processes at any moment of a boot: started again, it ends in one running guest.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { virtualMachines } from "@knvirt/api";
import { pods } from "@knvirt/kubernetes";
import { instanceAt } from "../../standalone/pod-runner/index.ts";
import { aVm } from "../support/builders.ts";
import { eventually } from "../support/eventually.ts";
import { type Started, startInstance } from "../support/instance.ts";
import { killTree, pidIn, podUidOf, qemusIn } from "../support/processes.ts";
import { tracesOf } from "../support/traces.ts";
import { getVmi, removeVms, runningVmi } from "../support/vms.ts";

const name = "restarted";
const dataDir = mkdtempSync(join(tmpdir(), "knvirt-start-"));
let knvirt: Started;

const start = () => startInstance(dataDir, ["--no-example"]);

/** Of all pods there are, so that a second one for the same VM would be seen. */
const qemus = (): number[] => qemusIn(`/${instanceAt(dataDir).name}/`);

/** Moments of a boot, each seen through the API or on the machine. */
const moments: Record<string, () => Promise<unknown>> = {
  "right after the VM was created": async () => true,
  "once its pod exists": () => knvirt.client.find(pods, { namespace: "default", name: `virt-launcher-${name}` }),
  "once its launcher runs": async () => pidIn(await podUidOf(knvirt, name), "node"),
  "once QEMU runs": async () => pidIn(await podUidOf(knvirt, name), "qemu-system-x86_64"),
  "once the guest is told as running": () => runningVmi(knvirt, name),
};

describe("npm start, killed with all its processes", () => {
  beforeAll(async () => {
    knvirt = await start();
  });
  afterAll(async () => {
    await knvirt.run(["stop", "--purge"]);
    expect(tracesOf(dataDir)).toEqual([]);
  });
  afterEach(() => removeVms(knvirt, name));

  it.each(Object.keys(moments))("%s, ends in one running guest when started again", async (moment) => {
    await knvirt.client.create(virtualMachines, aVm({ name }));
    await eventually(async () => (await moments[moment]?.().catch(() => undefined)) !== undefined, { what: moment });

    const before = await getVmi(knvirt, name);
    const { pid } = knvirt.supervisor;
    if (pid === undefined) throw new Error("npm start has no process");
    await killTree(pid);
    const left = qemus();
    knvirt = await start();

    const after = await runningVmi(knvirt, name);
    expect(qemus()).toHaveLength(1);
    expect(qemus()).toEqual(expect.arrayContaining(left));
    if (left.length > 0 && before) expect(after.metadata.uid).toBe(before.metadata.uid);
  });
});
