// A node that is drained: today its guests are shut down in order and start anew where there is room.
import { launcherPodName, virtualMachines } from "@knvirt/api";
import { pathOf, pods } from "@knvirt/kubernetes";
import { buildersFor } from "../../support/builders.ts";
import { openGuestConsole } from "../../support/console.ts";
import { sharedHost } from "../../support/shared-host.ts";
import { removeVms, runningVmi } from "../../support/vms.ts";
import { attachCluster } from "../index.ts";

const host = sharedHost();
const { kubectl } = attachCluster();
const { aVm } = buildersFor(host);
const { client, namespace } = host;
const name = "moved";

beforeAll(() => client.create(virtualMachines, aVm({ name })));
afterAll(() => removeVms(host, name));

async function watched() {
  const vmi = await runningVmi(host, name);
  const guest = await openGuestConsole(host.access, { namespace, name });
  await guest.run("echo awake");
  return { vmi, guest };
}

it("an eviction shuts the guest down in order, and the VM starts anew", async () => {
  const { vmi, guest } = await watched();
  await client.transport.call({
    method: "POST",
    path: pathOf(pods, { namespace, name: launcherPodName(name) }, "eviction"),
    body: { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: launcherPodName(name), namespace } },
  });
  await guest.saw("knvirt guest: powering off");
  guest.close();
  await runningVmi(host, name, vmi);
});

it("a drained node is left by its guests in order, and they start anew where there is room", async () => {
  const { vmi, guest } = await watched();
  const { nodeName = "" } = (await client.find(pods, { namespace, name: launcherPodName(name) }))?.spec ?? {};
  const selection = ["--pod-selector=kubevirt.io=virt-launcher", "--delete-emptydir-data", "--force"];
  try {
    await kubectl(["drain", nodeName, ...selection, "--timeout=90s"]);
    await guest.saw("knvirt guest: powering off");
  } finally {
    guest.close();
    // Functions that sleep need a node to wake on, too: on a cluster of one node nothing moves before this.
    await kubectl(["uncordon", nodeName]);
  }
  await runningVmi(host, name, vmi);
});
