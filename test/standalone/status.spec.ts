// npm run status names what keeps a VM from running.
import { virtualMachines } from "@knvirt/api";
import { aSpec, aVm } from "../support/builders.ts";
import { eventually } from "../support/eventually.ts";
import { sharedInstance } from "../support/instance.ts";
import { removeVms } from "../support/vms.ts";

const instance = sharedInstance();
const name = "stuck-status";

afterAll(() => removeVms(instance, name));

it("names the image that cannot be pulled", async () => {
  const image = instance.absentImage("status");
  const volumes = [{ name: "root", containerDisk: { image } }];
  await instance.client.create(virtualMachines, aVm({ name, spec: aSpec({ volumes }) }));
  await eventually(async () => (await instance.run(["status"])).output.includes(image), {
    what: `npm run status names ${image}`,
    evidence: () => instance.evidence(),
  });
});
