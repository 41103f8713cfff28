// What the API server itself fills in: next to nothing, so that a spec stays what its user wrote. What a field means that
// was left out is read where it is needed.
import { aManifest } from "./manifests.ts";

export interface Default {
  id: string;
  when: string;
  manifest: ReturnType<typeof aManifest>;
  /** Written to its status afterwards. */
  status?: object;
  /** What is there then, at least. */
  want: object;
}

const vm = aManifest("VirtualMachine");
const vmi = aManifest("VirtualMachineInstance");

export const defaults: readonly Default[] = [
  { id: "D-05", when: "the spec of a VM stays as it was written", manifest: vm, want: { spec: vm.spec } },
  {
    id: "D-10",
    when: "the spec of an instance stays as it was written",
    manifest: { ...vmi, spec: { ...vmi.spec, nodeSelector: { "test.knvirt.dev/nowhere": "" } } },
    want: { spec: { ...vmi.spec, nodeSelector: { "test.knvirt.dev/nowhere": "" } } },
  },
  {
    id: "D-42",
    when: "a VM is Stopped until something else is told",
    manifest: vm,
    status: { created: false },
    want: { status: { printableStatus: "Stopped", created: false } },
  },
];
