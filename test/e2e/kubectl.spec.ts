// An unmodified kubectl.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool, type ToolError } from "@knvirt/tools";
import { buildersFor } from "../support/builders.ts";
import { sharedHost } from "../support/shared-host.ts";
import { removeVms } from "../support/vms.ts";

const host = sharedHost();
const { aVm } = buildersFor(host);
const scratch = mkdtempSync(join(tmpdir(), "knvirt-kubectl-"));
const env = { KUBECONFIG: host.kubeconfig, HOME: scratch };

const program = host.kubectl ?? "";
const scope = ["--namespace", host.namespace];

const kubectl = (...args: string[]): Promise<string> => runTool(program, [...scope, ...args], { env });
const complaint = (...args: string[]): Promise<string> =>
  kubectl(...args).then(
    (output) => {
      throw new Error(`accepted: ${output}`);
    },
    (error: ToolError) => error.stderr,
  );

const manifest = (content: object): string => {
  const file = join(scratch, "manifest.json");
  writeFileSync(file, JSON.stringify(content));
  return file;
};

afterAll(async () => {
  await removeVms(host, "kube");
  rmSync(scratch, { recursive: true });
});

// There is no kubectl among Debian 12's packages that is new enough to be what users have.
(host.kubectl ? describe : describe.skip)("kubectl (skipped where it is not installed)", () => {
  it("applies a VM, and shows it with upstream's columns", async () => {
    expect(await kubectl("apply", "-f", manifest(aVm({ name: "kube" })))).toContain(
      "virtualmachine.kubevirt.io/kube created",
    );
    // The VM is told of what its instance is: a moment later.
    await kubectl("wait", "vm/kube", "--for=condition=Ready", "--timeout=120s");
    expect(await kubectl("get", "vm", "kube")).toMatch(/^NAME +AGE +STATUS +READY\nkube +\S+ +Running +True/);
    expect(await kubectl("get", "vmi", "kube")).toMatch(
      /^NAME +AGE +PHASE +IP +NODENAME +READY\nkube +\S+ +Running +10\./,
    );
    expect(await kubectl("get", "vm,vmi,pod,events", "-A")).toContain("virt-launcher-kube");
  });

  it("describes it", async () => {
    expect(await kubectl("describe", "vm", "kube")).toMatch(/Printable Status: +Running/);
  });

  it("explains fields down to the leaves", async () => {
    expect(await kubectl("explain", "vmi.spec.domain.devices")).toMatch(/interfaces\s+<\[\]Object>/);
    expect(await kubectl("explain", "vm.spec.template.spec.domain.devices.disks.disk.bus")).toContain("Bus");
  });

  it("lists our kinds with their short names", async () => {
    expect(await kubectl("api-resources", "--api-group=kubevirt.io")).toMatch(
      /virtualmachines +vm,vms +kubevirt.io\/v1 +true/,
    );
  });

  it("patches, edits and applies on the server's side", async () => {
    await kubectl("patch", "vm", "kube", "--type=merge", "-p", '{"metadata":{"labels":{"a":"patched"}}}');
    expect(await kubectl("get", "vm", "kube", "-o", "jsonpath={.metadata.labels.a}")).toBe("patched");
    await runTool(program, [...scope, "edit", "vm", "kube"], {
      env: { ...env, KUBE_EDITOR: "sed -i s/patched/edited/" },
    });
    expect(await kubectl("get", "vm", "kube", "-o", "jsonpath={.metadata.labels.a}")).toBe("edited");
    const file = manifest(aVm({ name: "kube" }));
    expect(await kubectl("apply", "--server-side", "--force-conflicts", "-f", file)).toContain("serverside-applied");
  });

  it("is told the path of a field that is not known", async () => {
    const vm = aVm({ name: "kube" });
    const file = manifest({ ...vm, spec: { ...vm.spec, sleepy: true } });
    expect(await complaint("apply", "-f", file)).toContain("spec.sleepy");
  });

  it("calls subresources by their paths", async () => {
    const path = `/apis/subresources.kubevirt.io/v1/namespaces/${host.namespace}/virtualmachineinstances/kube`;
    const body = manifest({});
    await kubectl("replace", "--raw", `${path}/pause`, "-f", body);
    await kubectl("wait", "vmi", "kube", "--for=condition=Paused", "--timeout=20s");
    await kubectl("replace", "--raw", `${path}/unpause`, "-f", body);
    expect(await complaint("replace", "--raw", `${path}/unpause`, "-f", body)).toContain("VMI is not paused");
    expect(await complaint("get", "--raw", `${path}/userlist`)).toContain("does not have guest agent connected");
  });

  it("deletes it and waits until it is gone", async () => {
    expect(await kubectl("delete", "vm", "kube")).toContain("deleted");
    expect(await complaint("get", "vm", "kube")).toContain("NotFound");
    expect(await complaint("get", "pod", "virt-launcher-kube")).toContain("NotFound");
  });
});
