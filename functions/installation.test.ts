import { definitionsOf } from "./definitions.ts";
import { installationFiles } from "./installation.ts";

const files = installationFiles(definitionsOf({ launcher: { image: "launcher:1" } }));
const all = [...files.values()].flat();
const specOf = (file: string, kind: string, name: string) =>
  files.get(file)?.find((manifest) => manifest.kind === kind && manifest.metadata.name === name)?.spec;

type Deployment = { template: { spec: { containers: [{ env: object[] }] } } };

test("no object is in two files of one installation", () => {
  const shared = [...files].filter(([path]) => !path.startsWith("overlays/")).flatMap(([, manifests]) => manifests);
  const ids = shared.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  expect(new Set(ids).size).toBe(ids.length);
});

test("everything is in the install namespace or in none, and says what it belongs to", () => {
  for (const { metadata } of all) {
    expect(["kubevirt", undefined]).toContain(metadata.namespace);
    expect(metadata.labels).toMatchObject({ "app.kubernetes.io/part-of": "knvirt" });
  }
});

test("the source knows the Service of every group", () => {
  const { containers } = (specOf("overlays/knative/source.yaml", "Deployment", "knvirt-source") as Deployment)
    .template.spec;
  expect(containers[0].env).toEqual([{ name: "SINKS", value: "lifecycle=http://knvirt-lifecycle.kubevirt.svc" }]);
});

test("Knative's source tells of launcher pods only, and of every object of our kinds, in all namespaces", () =>
  expect(specOf("overlays/knative-broker/wiring.yaml", "ApiServerSource", "knvirt-lifecycle")).toEqual({
    serviceAccountName: "knvirt-source",
    mode: "Reference",
    namespaceSelector: {},
    resources: [
      { apiVersion: "kubevirt.io/v1", kind: "VirtualMachine" },
      { apiVersion: "kubevirt.io/v1", kind: "VirtualMachineInstance" },
      { apiVersion: "v1", kind: "Pod", selector: { matchLabels: { "kubevirt.io": "virt-launcher" } } },
      { apiVersion: "kubevirt.io/v1", kind: "KubeVirt" },
    ],
    sink: { ref: { apiVersion: "eventing.knative.dev/v1", kind: "Broker", name: "knvirt" } },
  }));

test("with a broker each function is called for the kinds that it reads, and no other function with it", () =>
  expect(specOf("overlays/knative-broker/wiring.yaml", "Trigger", "knvirt-vm")).toEqual({
    broker: "knvirt",
    filters: [
      { prefix: { type: "dev.knative.apiserver.ref." } },
      { any: [{ exact: { kind: "VirtualMachine" } }, { exact: { kind: "VirtualMachineInstance" } }] },
    ],
    subscriber: {
      ref: { apiVersion: "serving.knative.dev/v1", kind: "Service", name: "knvirt-lifecycle" },
      uri: "/vm",
    },
  }));

const verbsOf = (file: string, name: string): Set<string> =>
  new Set(
    files
      .get(file)
      ?.filter(({ kind, metadata }) => kind === "ClusterRole" && metadata.name === name)
      .flatMap(({ rules }) => (rules as { verbs: string[] }[]).flatMap(({ verbs }) => verbs)),
  );

test("accounts of functions on Knative do not watch: the source does, and nothing else", () => {
  expect(verbsOf("knative/lifecycle.yaml", "knvirt-lifecycle")).not.toContain("watch");
  expect(verbsOf("overlays/knative/source.yaml", "knvirt-source")).toEqual(new Set(["list", "watch"]));
  expect(verbsOf("overlays/knative-broker/wiring.yaml", "knvirt-source")).toEqual(new Set(["get", "list", "watch"]));
  expect(verbsOf("overlays/controller/functions.yaml", "knvirt-controller")).toContain("watch");
});
