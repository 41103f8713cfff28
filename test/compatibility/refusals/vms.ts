// Refusals of what a VirtualMachine has beside the spec of its instance.
import { aManifest } from "../manifests.ts";
import type { ManifestRefusal } from "./row.ts";

const vm = aManifest("VirtualMachine");
const withSpec = (spec: object) => ({ ...vm, spec: { template: vm.spec.template, ...spec } });
const withTemplateMetadata = (metadata: object) =>
  withSpec({ running: false, template: { ...vm.spec.template, metadata } });

export const vmRefusals: ManifestRefusal[] = [
  {
    id: "VV-01",
    when: "running and runStrategy together",
    manifest: withSpec({ running: true, runStrategy: "Always" }),
    field: "spec",
    message: "running and runStrategy are mutually exclusive",
  },
  {
    id: "VV-01",
    when: "neither running nor runStrategy",
    manifest: withSpec({}),
    field: "spec.runStrategy",
    message: "one of running or runStrategy must be specified",
  },
  {
    id: "VV-01",
    when: "a run strategy that there is not",
    manifest: withSpec({ runStrategy: "Sometimes" }),
    field: "spec.runStrategy",
    message: 'Unsupported value: "Sometimes"',
  },
  {
    id: "VV-01",
    when: "no template",
    manifest: { ...vm, spec: { runStrategy: "Halted" } },
    field: "spec.template",
    message: "Required value",
  },
  {
    id: "WH-07",
    when: "a field that does not exist",
    manifest: withSpec({ runStrategy: "Halted", runstrategy: "Always" }),
    field: "",
    message: 'unknown field "spec.runstrategy"',
  },
  {
    id: "VV-01",
    when: "a name that is too long for its launcher pod's",
    manifest: { ...vm, metadata: { ...vm.metadata, name: "a".repeat(240) } },
    // A rule of the whole object has no field.
    field: "<nil>",
    message: "metadata.name is too long: found 240 characters, expected 239 at most",
  },
  ...["created-by", "migrationJobUID", "nodeName", "migrationTargetNodeName", "schedulable", "install-strategy"].map(
    (name) => ({
      id: "VI-35",
      when: `label kubevirt.io/${name} on the template`,
      manifest: withTemplateMetadata({ labels: { [`kubevirt.io/${name}`]: "mine" } }),
      field: "spec.template.metadata.labels",
      message: `label kubevirt.io/${name} is reserved: found mine, expected none`,
    }),
  ),
];
