// What users do to a guest that runs: pause it, look at it, reach its ports, boot it again.
import { virtualMachineInstances, virtualMachines } from "@knvirt/api";
import { buildersFor } from "../support/builders.ts";
import { askGuest, consolePath, openGuestConsole, openSocket } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { sharedHost } from "../support/shared-host.ts";
import { callSubresource } from "../support/subresources.ts";
import { getVm, getVmi, removeVms, runningVmi } from "../support/vms.ts";

const host = sharedHost();
const { client, namespace } = host;
const { aSpec, aVm, aVmi } = buildersFor(host);
const name = "verbs";
const spec = aSpec();
const withDisplay = { ...spec.domain, devices: { ...spec.domain.devices, autoattachGraphicsDevice: true } };

beforeAll(async () => {
  await client.create(virtualMachines, aVm({ name, spec: { ...spec, domain: withDisplay } }));
  await runningVmi(host, name);
  await askGuest(host, name, "echo awake");
});
afterAll(() => removeVms(host, name, "waits"));

const evidence = () => host.evidence();
const bootId = (of = name): Promise<string> => askGuest(host, of, "cat /proc/sys/kernel/random/boot_id");
const put = (what: string, body?: object) => callSubresource(host, what, body ? { body } : {});
const get = (what: string) => callSubresource(host, what, { method: "GET" });

async function reasonOfPause(of = name): Promise<string | undefined> {
  const vmi = await getVmi(host, of);
  return vmi?.status?.conditions?.find(({ type, status }) => type === "Paused" && status === "True")?.reason;
}

describe("a guest that is paused", () => {
  it("stands still, says so everywhere, and goes on where it was", async () => {
    const before = await bootId();
    expect(await put(`${name}/pause`)).toMatchObject({ code: 200 });
    expect(await reasonOfPause()).toBe("PausedByUser");
    await eventually(async () => (await getVm(host, name))?.status?.printableStatus === "Paused", {
      what: "the VM is told as Paused",
      evidence,
    });
    expect(await put(`${name}/pause`)).toMatchObject({
      code: 409,
      message: expect.stringContaining("already paused"),
    });
    expect(await put(`${name}/softreboot`)).toMatchObject({ code: 409, message: expect.stringContaining("paused") });
    await expect(openSocket(host.access, consolePath({ namespace, name }, "portforward/80"))).rejects.toThrow(/ 409/);

    expect(await put(`${name}/unpause`)).toMatchObject({ code: 200 });
    expect(await reasonOfPause()).toBeUndefined();
    expect(await put(`${name}/unpause`)).toMatchObject({ code: 409, message: expect.stringContaining("not paused") });
    expect(await bootId()).toBe(before);
    await eventually(async () => (await getVm(host, name))?.status?.printableStatus === "Running", {
      what: "the VM is told as Running",
      evidence,
    });
  });

  it("is not paused by a dry run", async () => {
    expect(await put(`${name}/pause`, { dryRun: ["All"] })).toMatchObject({ code: 200 });
    expect(await reasonOfPause()).toBeUndefined();
  });
});

describe("a port of a guest", () => {
  test.each(["virtualmachineinstances", "virtualmachines"])("is reached through the %s", async (of) => {
    const path = consolePath({ namespace, name }, "portforward/80/tcp").replace("virtualmachineinstances", of);
    const socket = await openSocket(host.access, path);
    expect(socket.protocol).toBe("plain.kubevirt.io");
    let page = "";
    socket.on("message", (bytes: Buffer) => {
      page += bytes.toString();
    });
    const closed = new Promise<number>((resolve) => socket.once("close", resolve));
    socket.send("GET / HTTP/1.0\r\n\r\n");
    expect(await closed).toBe(1000);
    expect(page).toMatch(/^HTTP\/1\.[01] 200 OK\r\n/);
  });

  it("is refused where nobody listens, and by a protocol that is not forwarded", async () => {
    const open = (what: string) => openSocket(host.access, consolePath({ namespace, name }, what));
    await expect(open("portforward/81")).rejects.toThrow(/answered 503: .*port 81/);
    await expect(open("portforward/53/udp")).rejects.toThrow(/answered 501: .*only tcp/);
    await expect(open("portforward/http")).rejects.toThrow(/answered 400: .*expected PORT/);
  });
});

describe("a guest's display", () => {
  it("is shown as PNG", async () => {
    const { code, bytes, contentType } = await get(`${name}/vnc/screenshot`);
    expect([code, contentType]).toEqual([200, "image/png"]);
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([720, 400]);
  });
});

describe("a guest that is to boot again", () => {
  it("does at once by reset, and stays the same instance", async () => {
    const [vmi, before] = [await getVmi(host, name), await bootId()];
    expect(await put(`${name}/reset`)).toMatchObject({ code: 200 });
    expect(await bootId()).not.toBe(before);
    expect((await getVmi(host, name))?.metadata.uid).toBe(vmi?.metadata.uid);
  });

  it("does in order by soft reboot", async () => {
    const [vmi, before] = [await getVmi(host, name), await bootId()];
    const guest = await openGuestConsole(host.access, { namespace, name });
    expect(await put(`${name}/softreboot`)).toMatchObject({ code: 200 });
    await guest.saw("knvirt guest: powering off");
    // The console shows the boot before as well.
    const since = () => guest.output.split("knvirt guest: powering off").at(-1);
    await eventually(() => since()?.includes("knvirt guest ready"), { what: "the guest boots again", evidence });
    guest.close();
    expect(await bootId()).not.toBe(before);
    expect(await getVmi(host, name)).toMatchObject({
      metadata: { uid: vmi?.metadata.uid },
      status: { phase: "Running" },
    });
  });
});

describe("an instance that starts paused", () => {
  it("waits until it is unpaused, and then boots", async () => {
    await client.create(virtualMachineInstances, aVmi({ name: "waits", spec: { ...spec, startStrategy: "Paused" } }));
    await runningVmi(host, "waits");
    expect(await reasonOfPause("waits")).toBe("PausedByUser");
    const guest = await openGuestConsole(host.access, { namespace, name: "waits" });
    expect(await put("waits/unpause")).toMatchObject({ code: 200 });
    await guest.saw("knvirt guest ready");
    guest.close();
  });

  it("is shut down in order when it is deleted while it is paused", async () => {
    expect(await put("waits/pause")).toMatchObject({ code: 200 });
    const guest = await openGuestConsole(host.access, { namespace, name: "waits" });
    await client.delete(virtualMachineInstances, { namespace, name: "waits" });
    await guest.saw("knvirt guest: powering off");
    guest.close();
    await removeVms(host, "waits");
  });
});

describe("what is not there", () => {
  test.each([
    { what: `${name}/freeze`, body: { unfreezeTimeout: "5m0s" }, code: 409, says: "guest agent connected" },
    { what: `${name}/addvolume`, body: {}, code: 501, says: "volumes cannot be changed" },
    { what: "nobody/pause", body: {}, code: 404, says: '"nobody" not found' },
  ])("$what is refused with $code", async ({ what, body, code, says }) => {
    expect(await put(what, body)).toMatchObject({ code, message: expect.stringContaining(says) });
  });

  it("an agent that is not there tells nothing", async () => {
    for (const what of ["guestosinfo", "userlist", "filesystemlist"])
      expect(await get(`${name}/${what}`)).toMatchObject({
        code: 409,
        message: expect.stringContaining("VMI does not have guest agent connected"),
      });
  });
});
