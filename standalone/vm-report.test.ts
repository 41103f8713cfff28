import type { VirtualMachineInstance } from "@knvirt/api";
import { aVm, aVmi } from "../test/support/builders.ts";
import { reportVms, table } from "./vm-report.ts";

const condition = (type: string, status: "True" | "False", message: string) => ({
  type,
  status,
  message,
  reason: "R",
});
const vm = aVm({ name: "web" });
const vmi = (status: NonNullable<VirtualMachineInstance["status"]>) => ({ ...aVmi({ name: "web" }), status });

test.each([
  {
    when: "a VM runs, its address is shown and nothing is explained",
    vms: [{ ...vm, status: { printableStatus: "Running" } }],
    vmis: [vmi({ phase: "Running", interfaces: [{ name: "default", ipAddress: "10.0.0.2" }] })],
    want: { name: "default/web", status: "Running", address: "10.0.0.2", why: "" },
  },
  {
    when: "an image is missing, the condition's message is the reason",
    vms: [{ ...vm, status: { printableStatus: "ErrImagePull" } }],
    vmis: [vmi({ phase: "Scheduling", conditions: [condition("Synchronized", "False", "image x: not found")] })],
    want: { name: "default/web", status: "ErrImagePull", address: "", why: "image x: not found" },
  },
  {
    when: "the VM itself failed, that comes first",
    vms: [{ ...vm, status: { conditions: [condition("Failure", "True", "refused")] } }],
    vmis: [],
    want: { name: "default/web", status: "Pending", address: "", why: "refused" },
  },
  {
    when: "a VM is halted, that is the reason",
    vms: [{ ...aVm({ name: "web", runStrategy: "Halted" }), status: { printableStatus: "Stopped" } }],
    vmis: [],
    want: { name: "default/web", status: "Stopped", address: "", why: "its run strategy is Halted" },
  },
  {
    when: "an instance has no VM, it has a line of its own",
    vms: [],
    vmis: [vmi({ phase: "Failed", reason: "GuestCrashed" })],
    want: { name: "default/web", status: "Failed", address: "", why: "GuestCrashed" },
  },
])("when $when", ({ vms, vmis, want }) => expect(reportVms(vms, vmis)).toEqual([want]));

test("a table's columns are as wide as their widest cell", () => {
  expect(
    table([
      ["A", "B"],
      ["long", "x"],
      ["y", ""],
    ]),
  ).toBe("A     B\nlong  x\ny");
});
