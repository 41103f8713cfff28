// A guest behind a Kubernetes Service: other pods reach it by name, on the ports its interface lists.
import { virtualMachines } from "@knvirt/api";
import { resource } from "@knvirt/kubernetes";
import { buildersFor } from "../../support/builders.ts";
import { eventually } from "../../support/eventually.ts";
import { sharedHost } from "../../support/shared-host.ts";
import { removeVms, runningVmi } from "../../support/vms.ts";

const host = sharedHost();
const { aVm } = buildersFor(host);
const { client, namespace } = host;
const services = resource("v1", "Service");
const name = "served";
const url = (port: number) => `http://${name}.${namespace}.svc:${port}/`;

beforeAll(async () => {
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: {
      selector: { app: name },
      ports: [
        { name: "http", port: 8000, targetPort: 80 },
        { name: "unlisted", port: 8001, targetPort: 81 },
      ],
    },
  };
  await client.create(services, service);
  await client.create(virtualMachines, aVm({ name }));
  await runningVmi(host, name);
});

afterAll(async () => {
  await client.delete(services, { namespace, name });
  await removeVms(host, name);
});

const page = (): Promise<string> =>
  eventually(async () => (await host.get(url(8000)).catch(() => undefined))?.text, {
    what: `${url(8000)} answers`,
    evidence: () => host.evidence(),
  });

it("reaches the guest from a pod by the Service's name and port", async () => {
  expect(await page()).toContain("knvirt example guest");
});

it("does not reach a port that the interface does not list", async () => {
  await page();
  await expect(host.get(url(8001))).rejects.toThrow();
});

it("finds the next instance of the VM, at its new address", async () => {
  const first = await runningVmi(host, name);
  await client.delete(resource("kubevirt.io/v1", "VirtualMachineInstance"), { namespace, name });
  const second = await runningVmi(host, name, first);
  expect(second.status?.interfaces?.[0]?.ipAddress).not.toBe(first.status?.interfaces?.[0]?.ipAddress);
  expect(await page()).toContain("knvirt example guest");
});
