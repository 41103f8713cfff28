// npm start, Ctrl-C, npm start again, npm run stop: what a user of one machine does with the whole.
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../support/eventually.ts";
import { type Started, sharedInstance, startInstance } from "../support/instance.ts";
import { tracesOf } from "../support/traces.ts";
import { runningVmi } from "../support/vms.ts";

const dataDir = mkdtempSync(join(tmpdir(), "knvirt-lifecycle-"));
let knvirt: Started;

const ended = ({ supervisor }: Started): Promise<unknown> =>
  eventually(() => supervisor.exitCode !== null || supervisor.signalCode !== null, { what: "start has ended" });

const page = async (): Promise<string> => {
  const vmi = await runningVmi(knvirt, "example");
  const address = vmi.status?.interfaces?.[0]?.ipAddress;
  // The guest's own page comes first, and that of its user data a moment later.
  const fetched = async () => (await fetch(`http://${address}/`)).text();
  const greeting = async () => {
    const text = await fetched().catch(() => undefined); // nobody listens yet, or the page is replaced as it is read
    return text?.includes("Hello from") && text;
  };
  return eventually(greeting, {
    what: `guest at ${address} serves the page of its user data`,
    evidence: () => knvirt.evidence(),
  });
};

afterAll(async () => {
  await knvirt?.run(["stop", "--purge"]);
});

describe("npm start", () => {
  it("boots the example VM and says how to reach it", async () => {
    knvirt = await startInstance(dataDir, []);

    expect(knvirt.output()).toContain("vm default/example: Running");
    expect(knvirt.output()).toContain(knvirt.kubeconfig);
    expect(await page()).toContain("Hello from example");
  });

  it("runs beside another instance without disturbing it", async () => {
    const shared = await sharedInstance().run(["status"]);
    expect(shared.code).toBe(0);
    expect(shared.output).toContain("runs (process");
  });

  it("refuses to run twice on the same data", async () => {
    const second = await knvirt.run(["start"]);
    expect(second.code).toBe(1);
    expect(second.output).toContain("runs already");
  });

  it("leaves VMs running on Ctrl-C, and says so", async () => {
    knvirt.supervisor.kill("SIGINT");
    await ended(knvirt);

    expect(knvirt.output()).toContain("1 VM goes on running");
    expect((await knvirt.run(["status"])).output).toContain("1 VM goes on running");
  });

  it("finds them as they were when it is started again", async () => {
    knvirt = await startInstance(dataDir, []);
    const before = await runningVmi(knvirt, "example");
    expect(await page()).toContain("Hello from example");

    knvirt.supervisor.kill("SIGKILL");
    await ended(knvirt);
    knvirt = await startInstance(dataDir, []);

    expect((await runningVmi(knvirt, "example")).metadata.uid).toBe(before.metadata.uid);
    expect(await page()).toContain("Hello from example");
  });
});

describe("npm run stop", () => {
  it("ends everything and leaves no trace but the data", async () => {
    const { code, output } = await knvirt.run(["stop"]);

    expect({ code, output }).toMatchObject({ code: 0 });
    expect(tracesOf(dataDir)).toEqual([]);
    expect(existsSync(join(dataDir, "kubeconfig"))).toBe(true);
  });

  it("lets the next start bring the VM up anew", async () => {
    knvirt = await startInstance(dataDir, []);
    await runningVmi(knvirt, "example");
    expect(await page()).toContain("Hello from example");
  });

  it("removes the data when asked to", async () => {
    const { code } = await knvirt.run(["stop", "--purge"]);

    expect(code).toBe(0);
    expect(tracesOf(dataDir)).toEqual([]);
    expect(existsSync(dataDir)).toBe(false);
  });
});
