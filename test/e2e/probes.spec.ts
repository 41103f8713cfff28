// Whether a guest is ready and lives, as its probes find out.
import { virtualMachineInstances } from "@knvirt/api";
import { events, pods } from "@knvirt/kubernetes";
import { buildersFor } from "../support/builders.ts";
import { eventually } from "../support/eventually.ts";
import { sharedHost } from "../support/shared-host.ts";
import { getVmi, removeVms, runningVmi } from "../support/vms.ts";

const host = sharedHost();
const { client, namespace } = host;
const { aSpec, aVmi } = buildersFor(host);
const evidence = () => host.evidence();

afterAll(() => removeVms(host, "serves", "mute", "dead"));

const readiness = async (name: string) =>
  (await getVmi(host, name))?.status?.conditions?.find(({ type }) => type === "Ready");

const told = (name: string, text: string) =>
  eventually(
    async () => {
      const { items } = await client.list(events, { namespace });
      return items.find(
        ({ involvedObject, reason, message }) =>
          involvedObject.name === `virt-launcher-${name}` && reason === "Unhealthy" && message.includes(text),
      );
    },
    { what: `pod of ${name} is told to be unhealthy`, evidence },
  );

describe("a guest that serves pages", () => {
  it("is ready once its page answers", async () => {
    const readinessProbe = { httpGet: { port: 80, path: "/" }, periodSeconds: 1, failureThreshold: 60 };
    await client.create(virtualMachineInstances, aVmi({ name: "serves", spec: aSpec({ readinessProbe }) }));

    const first = await runningVmi(host, "serves");

    expect(first.status?.conditions).toContainEqual(expect.objectContaining({ type: "Ready", status: "False" }));
    await eventually(async () => (await readiness("serves"))?.status === "True", {
      what: "vmi serves is ready",
      evidence,
    });
  });
});

describe("a guest without an agent", () => {
  it("runs, and is not ready where the agent is to answer", async () => {
    const readinessProbe = { guestAgentPing: {}, periodSeconds: 1, timeoutSeconds: 5 };
    await client.create(virtualMachineInstances, aVmi({ name: "mute", spec: aSpec({ readinessProbe }) }));
    await runningVmi(host, "mute");
    await told("mute", "guest agent is not connected");
    expect(await readiness("mute")).toMatchObject({ status: "False", reason: "ContainersNotReady" });
  });
});

describe("a guest that does not live any more", () => {
  it("is shut down in order", async () => {
    const livenessProbe = { tcpSocket: { port: 9 }, periodSeconds: 1, failureThreshold: 2 };
    // Time enough for one that has hardly begun to boot: it hears of its end only later.
    const spec = aSpec({ livenessProbe, terminationGracePeriodSeconds: 90 });
    await client.create(virtualMachineInstances, aVmi({ name: "dead", spec }));
    await runningVmi(host, "dead");
    await eventually(async () => (await getVmi(host, "dead"))?.status?.phase === "Succeeded", {
      what: "vmi dead has ended",
      seconds: 120,
      evidence,
    });
    const pod = async () => (await client.find(pods, { namespace, name: "virt-launcher-dead" }))?.status?.phase;
    await eventually(async () => (await pod()) === "Succeeded", { what: "its pod has succeeded", evidence });
  });
});
