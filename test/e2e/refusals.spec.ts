// What is wrong is told where the user looks, with the field or the object named, and nothing is left half done.
import { type VirtualMachine, virtualMachines } from "@knvirt/api";
import { ApiError, events } from "@knvirt/kubernetes";
import { aSpec, aVm } from "../support/builders.ts";
import { eventually } from "../support/eventually.ts";
import { getVmi, removeVms, sharedInstance } from "../support/instance.ts";

const cluster = sharedInstance();
const spec = aSpec();

async function refusal(manifest: object): Promise<string> {
  try {
    await cluster.client.create(virtualMachines, manifest as VirtualMachine);
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
      names: "no volume of its name",
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
    expect(await getVmi(cluster, "refused")).toBeUndefined();
  });
});

describe("an instance that cannot start says why", () => {
  afterEach(() => removeVms(cluster, "stuck"));

  const stuckWith = async (change: object, names: string) => {
    await cluster.client.create(virtualMachines, {
      ...aVm({ name: "stuck" }),
      spec: { runStrategy: "Always", template: { spec: { ...spec, ...change } } },
    });
    const condition = await eventually(
      async () => {
        const vmi = await getVmi(cluster, "stuck");
        return vmi?.status?.conditions?.find(
          ({ type, message }) => type === "Synchronized" && message?.includes(names),
        );
      },
      { what: `vmi stuck says ${names}`, evidence: () => cluster.evidence() },
    );
    return condition.reason;
  };

  it("names the image that cannot be pulled", async () => {
    const volumes = [{ name: "root", containerDisk: { image: "oci:/nowhere/missing:latest" } }];
    expect(await stuckWith({ volumes }, "oci:/nowhere/missing")).toMatch(/ErrImagePull|ImagePullBackOff/);
    const status = await cluster.run(["status"]);
    expect(status.output).toContain("oci:/nowhere/missing");
  });

  it("names the Secret that is not there, and starts when it appears", async () => {
    const volumes = [{ name: "cloudinit", cloudInitNoCloud: { secretRef: { name: "absent" } } }];
    expect(await stuckWith({ volumes }, "absent")).toBe("CreateContainerConfigError");
  });

  it("is told by an event too", async () => {
    const volumes = [{ name: "root", containerDisk: { image: "oci:/nowhere/gone:latest" } }];
    await stuckWith({ volumes }, "oci:/nowhere/gone");
    await eventually(
      async () => {
        const { items } = await cluster.client.list(events, { namespace: "default" });
        return items.find(({ type, message }) => type === "Warning" && message.includes("oci:/nowhere/gone"));
      },
      { what: "an event names the image", evidence: () => cluster.evidence() },
    );
  });
});
