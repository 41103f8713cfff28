// An instance whose claim does not exist: told as upstream tells it, so that a VM shows ErrorPvcNotFound.
import { virtualMachineInstances } from "@knvirt/api";
import { buildersFor } from "../support/builders.ts";
import { eventually } from "../support/eventually.ts";
import { sharedHost } from "../support/shared-host.ts";
import { getVmi, removeVms } from "../support/vms.ts";

const host = sharedHost();
const { aSpec, aVmi } = buildersFor(host);

afterAll(() => removeVms(host, "claimless"));

test("is told which claim of which volume is missing", async () => {
  const volumes = [{ name: "root", persistentVolumeClaim: { claimName: "nobody-made-this" } }];
  await host.client.create(virtualMachineInstances, aVmi({ name: "claimless", spec: aSpec({ volumes }) }));
  const problem = await eventually(
    async () => (await getVmi(host, "claimless"))?.status?.conditions?.find(({ type }) => type === "Synchronized"),
    { what: "the missing claim is told", evidence: () => host.evidence() },
  );
  expect(problem).toMatchObject({
    status: "False",
    reason: "FailedPvcNotFound",
    message: `volume root needs PersistentVolumeClaim ${host.namespace}/nobody-made-this: it does not exist, create it`,
  });
});
