// From a manifest to a Linux that answers: every part of the system takes part.
import { virtualMachines } from "@knvirt/api";
import { buildersFor } from "../support/builders.ts";
import { type GuestConsole, openGuestConsole } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { relayGreeting } from "../support/relay.ts";
import { sharedHost } from "../support/shared-host.ts";
import { getVm, removeVms, runningVmi } from "../support/vms.ts";

const host = sharedHost();
const { aSpec, aVm } = buildersFor(host);
const page = "#!/bin/sh\necho hello from $(hostname) > /www/index.html\n";
const spec = aSpec();
const name = "boots";
let guest: GuestConsole;
let address: string;

beforeAll(async () => {
  await host.client.create(
    virtualMachines,
    aVm({
      name,
      spec: {
        ...spec,
        hostname: "first",
        volumes: [
          { name: "readme", containerDisk: { image: host.guestImage, imagePullPolicy: "IfNotPresent" } },
          { name: "scratch", emptyDisk: { capacity: "8Mi" } },
          { name: "cloudinit", cloudInitNoCloud: { userData: page } },
        ],
        domain: {
          ...spec.domain,
          devices: {
            ...spec.domain.devices,
            disks: [
              { name: "readme", disk: { bus: "virtio" } },
              { name: "scratch", disk: { bus: "virtio" }, serial: "SCRATCH1" },
              { name: "cloudinit", disk: { bus: "virtio" } },
            ],
            rng: {},
          },
        },
      },
    }),
  );
  const vmi = await runningVmi(host, name);
  address = vmi.status?.interfaces?.[0]?.ipAddress ?? "";
  guest = await openGuestConsole(host.access, { namespace: host.namespace, name });
  await eventually(async () => (await host.get(`http://${address}/`).catch(() => undefined))?.code === 200, {
    what: `guest at ${address} serves HTTP`,
    evidence: async () => guest.output + (await host.evidence()),
  });
});

afterAll(async () => {
  guest?.close();
  await removeVms(host, name);
});

describe("a VirtualMachine from a manifest", () => {
  it("runs a Linux whose shell answers on the console", async () => {
    expect(await guest.run("uname -s")).toBe("Linux");
    expect(await guest.run("hostname")).toBe("first");
  });

  it("is reached at the pod's address that its status shows", async () => {
    expect((await host.get(`http://${address}/`)).text).toBe("hello from first\n");
  });

  it("is told as Running and Ready", async () => {
    const vm = await eventually(
      async () => {
        const seen = await getVm(host, name);
        return seen?.status?.printableStatus === "Running" && seen.status.ready && seen;
      },
      { what: "vm is Running and ready", evidence: () => host.evidence() },
    );
    expect(vm.status?.conditions).toContainEqual(expect.objectContaining({ type: "Ready", status: "True" }));
  });

  it("has the disks of its volumes, each with its content", async () => {
    expect(await guest.run("cat /sys/block/vdb/size")).toBe("16384");
    expect(await guest.run("cat /sys/block/vdb/serial")).toBe("SCRATCH1");
    expect(await guest.run("echo kept >/dev/vdb; sync; head -n 1 /dev/vdb")).toBe("kept");
  });

  it("reaches what is outside by translation", async () => {
    const outside = await host.outside();
    try {
      expect(await guest.run(`wget -q -O - ${outside.url}`)).toBe(relayGreeting);
    } finally {
      outside.close();
    }
  });

  it("does not answer on ports that are not listed", async () => {
    await guest.run("httpd -p 81 -h /www");
    expect(await guest.run("wget -q -O - http://127.0.0.1:81/")).toContain("hello");
    await expect(host.get(`http://${address}:81/`)).rejects.toThrow();
  });
});
