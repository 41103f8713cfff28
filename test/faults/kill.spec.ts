// Anything may be killed at any moment: the system converges by itself, and no guest notices what happens above it.
import { virtualMachines } from "@knvirt/api";
import { pods } from "@knvirt/kubernetes";
import { aVm } from "../support/builders.ts";
import { askGuest } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { sharedInstance } from "../support/instance.ts";
import { killPart, pidIn, podUidOf, qemusIn } from "../support/processes.ts";
import { getVm, getVmi, removeVms, runningVmi } from "../support/vms.ts";

const cluster = sharedInstance();
const name = "survivor";
const parts = ["cluster", "functions", "node-executor", "gateway"] as const;

const createVm = (vmName: string) => cluster.client.create(virtualMachines, aVm({ name: vmName }));

const shellAnswers = () => askGuest(cluster, name, "echo alive");

describe("a running guest", () => {
  beforeAll(async () => {
    await createVm(name);
    await runningVmi(cluster, name);
    await shellAnswers();
  });
  afterAll(() => removeVms(cluster, name));

  it.each(parts)("goes on when the %s process is killed", async (part) => {
    const before = await runningVmi(cluster, name);
    const qemu = await pidIn(await podUidOf(cluster, name), "qemu-system-x86_64");

    await killPart(cluster, part);

    expect(await shellAnswers()).toBe("alive");
    expect((await runningVmi(cluster, name)).metadata.uid).toBe(before.metadata.uid);
    expect(await pidIn(await podUidOf(cluster, name), "qemu-system-x86_64")).toBe(qemu);
  });

  it.each(["node", "libvirtd"] as const)("goes on when %s in its pod is killed", async (program) => {
    const before = await runningVmi(cluster, name);
    const podUid = await podUidOf(cluster, name);
    const qemu = await pidIn(podUid, "qemu-system-x86_64");
    const victim = await pidIn(podUid, program);

    process.kill(victim, "SIGKILL");

    await pidIn(podUid, program, victim);
    expect(await shellAnswers()).toBe("alive");
    expect(await pidIn(podUid, "qemu-system-x86_64")).toBe(qemu);
    expect((await runningVmi(cluster, name)).metadata.uid).toBe(before.metadata.uid);
  });

  it("that is killed itself has failed, and a new one runs", async () => {
    const before = await runningVmi(cluster, name);
    process.kill(await pidIn(await podUidOf(cluster, name), "qemu-system-x86_64"), "SIGKILL");

    const after = await runningVmi(cluster, name, before);

    expect(after.metadata.uid).not.toBe(before.metadata.uid);
    expect(qemusIn(`pod${await podUidOf(cluster, name)}`)).toHaveLength(1);
  });
});

describe("a boot", () => {
  afterEach(() => removeVms(cluster, "booting"));

  /** Moments of a boot, each seen through the API or on the machine. */
  const moments: Record<string, () => Promise<unknown>> = {
    "right after its creation": async () => true,
    "once its instance exists": () => getVmi(cluster, "booting"),
    "once its pod exists": () => cluster.client.find(pods, { namespace: "default", name: "virt-launcher-booting" }),
    "once its launcher runs": async () => pidIn(await podUidOf(cluster, "booting"), "node"),
    "once QEMU runs": async () => pidIn(await podUidOf(cluster, "booting"), "qemu-system-x86_64"),
  };
  const cases = Object.keys(moments).flatMap((moment) => parts.slice(0, 3).map((part) => ({ moment, part })));

  it.each(cases)("ends in one running guest when the $part process is killed $moment", async ({ moment, part }) => {
    await createVm("booting");
    await eventually(async () => (await moments[moment]?.().catch(() => undefined)) !== undefined, { what: moment });

    await killPart(cluster, part);

    await runningVmi(cluster, "booting");
    expect(qemusIn(`pod${await podUidOf(cluster, "booting")}`)).toHaveLength(1);
    await eventually(async () => (await getVm(cluster, "booting"))?.status?.printableStatus === "Running", {
      what: "vm booting is told as Running",
      evidence: () => cluster.evidence(),
    });
  });
});
