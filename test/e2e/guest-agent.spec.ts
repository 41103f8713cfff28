// A guest with an agent: what status tells of it, what users ask of it, and the keys that are brought into it.
import { type VirtualMachineInstance, virtualMachines } from "@knvirt/api";
import { type Secret, secrets } from "@knvirt/kubernetes";
import { agentGuest, agentGuestArgs, agentGuestPath } from "../support/agent-guest/index.ts";
import { buildersFor } from "../support/builders.ts";
import { type GuestConsole, openGuestConsole } from "../support/console.ts";
import { eventually } from "../support/eventually.ts";
import { sharedHost } from "../support/shared-host.ts";
import { callSubresource } from "../support/subresources.ts";
import { getVmi, removeVms, runningVmi } from "../support/vms.ts";

const host = sharedHost();
const { client, namespace } = host;
const name = "agent";
const byCloudInit = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICloudInit alice@example";
const byAgent = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAgent bob@example";
let guest: GuestConsole;

const secret = (secretName: string, text: string): Secret => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { namespace, name: secretName },
  stringData: { key: text },
});
const credential = (secretName: string, propagationMethod: object) => ({
  sshPublicKey: { source: { secret: { secretName } }, propagationMethod },
});

async function withAgentGuest() {
  const { aSpec, aVm } = buildersFor({ namespace, guestImage: await host.publish((await agentGuest()).layout) });
  const spec = aSpec();
  const kernelBoot = spec.domain.firmware?.kernelBoot;
  return aVm({
    name,
    spec: {
      ...spec,
      accessCredentials: [
        credential(`${name}-cloud-init`, { noCloud: {} }),
        credential(`${name}-agent`, { qemuGuestAgent: { users: ["root"] } }),
      ],
      volumes: [
        { name: "root", containerDisk: { image: kernelBoot?.container?.image ?? "", path: agentGuestPath.disk } },
        { name: "cloudinit", cloudInitNoCloud: { userData: "#cloud-config\n{}\n" } },
      ],
      domain: {
        ...spec.domain,
        memory: { guest: "256Mi" },
        firmware: { kernelBoot: { ...kernelBoot, kernelArgs: agentGuestArgs } },
        devices: {
          ...spec.domain.devices,
          disks: [
            { name: "root", disk: { bus: "virtio" } },
            { name: "cloudinit", disk: { bus: "virtio" } },
          ],
        },
      },
    },
  });
}

const statusWhen = (what: string, holds: (status: NonNullable<VirtualMachineInstance["status"]>) => boolean) =>
  eventually(
    async () => {
      const status = (await getVmi(host, name))?.status;
      return status && holds(status) && status;
    },
    { what, seconds: 300, evidence: async () => guest.output + (await host.evidence()) },
  );

async function get(what: string) {
  const { code, bytes } = await callSubresource(host, `${name}/${what}`, { method: "GET" });
  return { code, body: JSON.parse(bytes.toString()) };
}
const put = (what: string, body: object = {}) => callSubresource(host, `${name}/${what}`, { body });

beforeAll(async () => {
  await client.create(secrets, secret(`${name}-cloud-init`, byCloudInit));
  await client.create(secrets, secret(`${name}-agent`, byAgent));
  await client.create(virtualMachines, await withAgentGuest());
  await runningVmi(host, name);
  guest = await openGuestConsole(host.access, { namespace, name });
}, 900_000);

afterAll(async () => {
  guest?.close();
  await removeVms(host, name);
  for (const way of ["cloud-init", "agent"]) await client.delete(secrets, { namespace, name: `${name}-${way}` });
});

describe("a guest with an agent", () => {
  it("is told of: that its agent is there, its system, its interfaces", async () => {
    const told = await statusWhen("status tells of the agent", ({ guestOSInfo, interfaces }) =>
      Boolean(guestOSInfo && interfaces?.[0]?.interfaceName),
    );
    expect(told.guestOSInfo).toMatchObject({ id: "debian", name: "Debian GNU/Linux", machine: "x86_64" });
    expect(told.conditions).toContainEqual(expect.objectContaining({ type: "AgentConnected", status: "True" }));
    expect(told.interfaces).toEqual([
      expect.objectContaining({ name: "default", interfaceName: "eth0", infoSource: "domain, guest-agent" }),
    ]);
  });

  it("answers what users ask", async () => {
    expect(await get("guestosinfo")).toMatchObject({ code: 200, body: { os: { id: "debian" }, timezone: "UTC, 0" } });
    expect(await get("filesystemlist")).toMatchObject({
      code: 200,
      body: { items: [expect.objectContaining({ mountPoint: "/", fileSystemType: "ext4" })] },
    });
    expect(await get("userlist")).toMatchObject({ code: 200, body: { items: expect.any(Array) } });
  });

  it("is frozen for some time, and tells so", async () => {
    expect(await put("freeze", { unfreezeTimeout: "5s" })).toMatchObject({ code: 200 });
    await statusWhen("status tells that it is frozen", ({ fsFreezeStatus }) => fsFreezeStatus === "frozen");
    await statusWhen("status tells that it is thawed", ({ fsFreezeStatus }) => fsFreezeStatus === undefined);
    expect(await put("unfreeze")).toMatchObject({ code: 200 });
  });

  it("is given keys by its agent and by cloud-init", async () => {
    const { conditions } = await statusWhen("keys are there", (status) =>
      Boolean(
        status.conditions?.some(({ type, status }) => type === "AccessCredentialsSynchronized" && status === "True"),
      ),
    );
    expect(conditions).toBeDefined();
    expect(await guest.run("cat /root/.ssh/authorized_keys")).toContain(byAgent);
    await guest.saw("agent guest: cloud-init is done", 300);
    expect(await guest.run("cat /home/debian/.ssh/authorized_keys")).toContain(byCloudInit);
  });

  it("is not written about while nothing changes", async () => {
    const before = (await getVmi(host, name))?.metadata.resourceVersion;
    await guest.run("sleep 12"); // the agent is asked again meanwhile
    expect((await getVmi(host, name))?.metadata.resourceVersion).toBe(before);
  });

  it("boots again when it is asked to, and its agent comes back", async () => {
    await guest.run("touch /run/before");
    expect(await put("softreboot")).toMatchObject({ code: 200 });
    // What is typed while there is no shell is lost: it is there before the guest says that it is ready.
    await eventually(() => /Restarting system.*agent guest ready/s.test(guest.output), {
      what: "the guest has booted again",
      seconds: 300,
      evidence: async () => guest.output + (await host.evidence()),
    });
    expect(await guest.run("ls /run/before 2>&1 || true")).toContain("No such file");
    await statusWhen("status tells of the agent", ({ guestOSInfo }) => guestOSInfo !== undefined);
  });
});
