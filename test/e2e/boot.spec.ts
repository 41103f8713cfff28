// From a manifest to a Linux that answers: every part of the system takes part.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { virtualMachines } from "@knvirt/api";
import { aSpec, aVm, exampleImage } from "../support/builders.ts";
import { type GuestConsole, openGuestConsole } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { getVm, removeVms, runningVmi, sharedInstance } from "../support/instance.ts";

const cluster = sharedInstance();
const page = "#!/bin/sh\necho hello from $(hostname) > /www/index.html\n";
const spec = aSpec();
const name = "boots";
let guest: GuestConsole;
let address: string;

beforeAll(async () => {
  await cluster.client.create(
    virtualMachines,
    aVm({
      name,
      spec: {
        ...spec,
        hostname: "first",
        volumes: [
          { name: "readme", containerDisk: { image: exampleImage, imagePullPolicy: "IfNotPresent" } },
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
  const vmi = await runningVmi(cluster, name);
  address = vmi.status?.interfaces?.[0]?.ipAddress ?? "";
  guest = await openGuestConsole(cluster.access, { namespace: "default", name });
  await eventually(async () => (await fetch(`http://${address}/`).catch(() => undefined))?.ok, {
    what: `guest at ${address} serves HTTP`,
    evidence: async () => guest.output + (await cluster.evidence()),
  });
});

afterAll(async () => {
  guest?.close();
  await removeVms(cluster, name);
});

describe("a VirtualMachine from a manifest", () => {
  it("runs a Linux whose shell answers on the console", async () => {
    expect(await guest.run("uname -s")).toBe("Linux");
    expect(await guest.run("hostname")).toBe("first");
  });

  it("is reached at the pod's address that its status shows", async () => {
    expect(await (await fetch(`http://${address}/`)).text()).toBe("hello from first\n");
  });

  it("is told as Running and Ready", async () => {
    const vm = await eventually(
      async () => {
        const seen = await getVm(cluster, name);
        return seen?.status?.printableStatus === "Running" && seen.status.ready && seen;
      },
      { what: "vm is Running and ready", evidence: () => cluster.evidence() },
    );
    expect(vm.status?.conditions).toContainEqual(expect.objectContaining({ type: "Ready", status: "True" }));
  });

  it("has the disks of its volumes, each with its content", async () => {
    expect(await guest.run("cat /sys/block/vdb/size")).toBe("16384");
    expect(await guest.run("cat /sys/block/vdb/serial")).toBe("SCRATCH1");
    expect(await guest.run("echo kept >/dev/vdb; sync; head -n 1 /dev/vdb")).toBe("kept");
  });

  it("reaches the host by outgoing translation", async () => {
    const server = createServer((_, response) => response.end("from the host")).listen(0, "0.0.0.0");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const hostAddress = Object.values(networkInterfaces())
      .flat()
      .find((entry) => entry?.family === "IPv4" && !entry.internal)?.address;
    try {
      expect(await guest.run(`wget -q -O - http://${hostAddress}:${port}/`)).toBe("from the host");
    } finally {
      server.close();
    }
  });

  it("does not answer on ports that are not listed", async () => {
    await guest.run("httpd -p 81 -h /www");
    expect(await guest.run("wget -q -O - http://127.0.0.1:81/")).toContain("hello");
    await expect(fetch(`http://${address}:81/`)).rejects.toThrow();
  });
});
