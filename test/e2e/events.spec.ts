// What people read in `kubectl describe` about the life of a guest: upstream's reasons, each once.
import { virtualMachineInstances } from "@knvirt/api";
import { type Event, events } from "@knvirt/kubernetes";
import { buildersFor } from "../support/builders.ts";
import { openGuestConsole } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { sharedHost } from "../support/shared-host.ts";
import { removeVms, runningVmi } from "../support/vms.ts";

const host = sharedHost();
const { aSpec, aVmi } = buildersFor(host);
const { client, namespace } = host;
const name = "told";

afterAll(() => removeVms(host, name));

const eventsOf = async (uid: string | undefined): Promise<Event[]> => {
  const { items } = await client.list(events, { namespace });
  return items.filter(({ involvedObject }) => involvedObject.uid === uid);
};
const isTold = (uid: string | undefined, reason: string) =>
  eventually(async () => (await eventsOf(uid)).find((event) => event.reason === reason), {
    what: `event ${reason} is told`,
    evidence: () => host.evidence(),
  });

it("the life of an instance is told once, and that its kernel panicked", async () => {
  const spec = aSpec();
  const devices = { ...spec.domain.devices, panicDevices: [{}] };
  await client.create(
    virtualMachineInstances,
    aVmi({ name, spec: { ...spec, domain: { ...spec.domain, devices } } }),
  );
  const { metadata } = await runningVmi(host, name);
  expect(await isTold(metadata.uid, "Started")).toMatchObject({ type: "Normal", count: 1 });
  const guest = await openGuestConsole(host.access, { namespace, name });
  await guest.run("echo awake");
  guest.run("echo c >/proc/sysrq-trigger").catch(() => undefined); // nothing comes back from that

  expect(await isTold(metadata.uid, "GuestPanicked")).toMatchObject({ type: "Warning", count: 1 });
  expect(await isTold(metadata.uid, "Stopped")).toMatchObject({ type: "Warning" });
  guest.close();
  const ofExecutor = (await eventsOf(metadata.uid)).filter(({ source }) => source?.component === "knvirt-executor");
  expect(ofExecutor.map(({ reason }) => reason).toSorted()).toEqual(["GuestPanicked", "Started"]);
});

it("an instance that is deleted is told to shut down", async () => {
  await removeVms(host, name);
  await client.create(virtualMachineInstances, aVmi({ name }));
  const { metadata } = await runningVmi(host, name);
  await removeVms(host, name);
  expect(await isTold(metadata.uid, "ShuttingDown")).toMatchObject({ type: "Normal", count: 1 });
});
