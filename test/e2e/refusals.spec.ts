// What is wrong is told where the user looks, with the field or the object named, and nothing is left half done.
import { virtualMachines } from "@knvirt/api";
import { ApiError, events, pathOf, secrets } from "@knvirt/kubernetes";
import { buildersFor } from "../support/builders.ts";
import { eventually } from "../support/eventually.ts";
import { sharedHost } from "../support/shared-host.ts";
import { getVmi, removeVms, runningVmi } from "../support/vms.ts";

const host = sharedHost();
const { aSpec, aVm } = buildersFor(host);
const spec = aSpec();

async function refusal(manifest: object): Promise<string> {
  try {
    // As kubectl asks: a server that is not asked drops what it does not know, with a warning.
    await host.client.transport.call({
      method: "POST",
      path: pathOf(virtualMachines, { namespace: host.namespace }),
      query: { fieldValidation: "Strict" },
      body: manifest,
    });
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
  throw new Error("the manifest was accepted");
}

const withSpec = (change: object) => {
  const vm = aVm({ name: "refused" });
  return { ...vm, spec: { ...vm.spec, ...change } };
};
const withTemplate = (change: object) => withSpec({ template: { spec: { ...spec, ...change } } });

describe("a manifest that cannot work is refused", () => {
  afterAll(() => removeVms(host, "refused"));

  test.each([
    {
      what: "an unknown field",
      given: withTemplate({ livenessProbes: {} }),
      names: "spec.template.spec.livenessProbes",
    },
    {
      what: "a wrong type",
      given: withTemplate({ terminationGracePeriodSeconds: "soon" }),
      names: "spec.template.spec.terminationGracePeriodSeconds",
    },
    {
      what: "an unknown run strategy",
      given: withSpec({ runStrategy: "Sometimes" }),
      names: 'spec.runStrategy: Unsupported value: "Sometimes"',
    },
    { what: "two ways to say when it runs", given: withSpec({ running: true }), names: "mutually exclusive" },
    {
      what: "a volume without a source",
      given: withTemplate({ volumes: [{ name: "nothing" }] }),
      names: "exactly one source",
    },
    {
      what: "a disk without a volume",
      given: withTemplate({
        domain: { ...spec.domain, devices: { disks: [{ name: "lost", disk: {} }] } },
        networks: [],
      }),
      names: "volume of disk 'lost' not found",
    },
    {
      what: "an unsupported binding",
      given: withTemplate({ domain: { ...spec.domain, devices: { interfaces: [{ name: "default", bridge: {} }] } } }),
      names: "bridge",
    },
    { what: "1 MB of junk", given: withTemplate({ junk: "x".repeat(1024 * 1024) }), names: "junk" },
    { what: "a list where an object belongs", given: { ...aVm({ name: "refused" }), spec: [] }, names: "spec" },
  ])("$what", async ({ given, names }) => {
    expect(await refusal(given)).toContain(names);
    expect(await getVmi(host, "refused")).toBeUndefined();
  });
});

describe("an instance that cannot start says why", () => {
  afterEach(() => removeVms(host, "stuck"));

  const stuckWith = async (change: object, names: string) => {
    await host.client.create(virtualMachines, {
      ...aVm({ name: "stuck" }),
      spec: { runStrategy: "Always", template: { spec: { ...spec, ...change } } },
    });
    const condition = await eventually(
      async () => {
        const vmi = await getVmi(host, "stuck");
        return vmi?.status?.conditions?.find(
          ({ type, message }) => type === "Synchronized" && message?.includes(names),
        );
      },
      { what: `vmi stuck says ${names}`, evidence: () => host.evidence() },
    );
    return condition.reason;
  };

  const warned = (names: string) =>
    eventually(
      async () => {
        const { items } = await host.client.list(events, { namespace: host.namespace });
        return items.find(({ type, message }) => type === "Warning" && message.includes(names));
      },
      { what: `an event names ${names}`, evidence: () => host.evidence() },
    );

  it("names the image that cannot be pulled", async () => {
    const image = host.absentImage("missing");
    const volumes = [{ name: "root", containerDisk: { image } }];
    expect(await stuckWith({ volumes }, image)).toMatch(/ErrImagePull|ImagePullBackOff/);
  });

  it("names the Secret that is not there, and starts when it appears", async () => {
    const volumes = [{ name: "cloudinit", cloudInitNoCloud: { secretRef: { name: "absent" } } }];
    await host.client.create(virtualMachines, aVm({ name: "stuck", spec: aSpec({ volumes }) }));
    await warned("absent");
    const key = { namespace: host.namespace, name: "absent" };
    const secret = { apiVersion: "v1", kind: "Secret", metadata: key, stringData: { userdata: "#!/bin/sh\n" } };
    await host.client.create(secrets, secret);
    try {
      await runningVmi(host, "stuck");
    } finally {
      await host.client.delete(secrets, key);
    }
  });

  it("is told by an event too", async () => {
    const image = host.absentImage("gone");
    await stuckWith({ volumes: [{ name: "root", containerDisk: { image } }] }, image);
    await warned(image);
  });
});
