// What kubectl makes of config/: every overlay can be built, and renaming images reaches functions too.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseAllDocuments } from "yaml";
import { sharedHost } from "../../support/shared-host.ts";

const { kubectl = "kubectl" } = sharedHost();
const config = join(import.meta.dirname, "..", "..", "..", "config");
const images = ["functions", "gateway", "launcher", "node-executor"];
const renamed = images.map((name) => ({ name: `knvirt/${name}`, newName: `registry.example/${name}`, newTag: "v1" }));

interface Workload {
  kind: string;
  metadata: { name: string };
  spec?: { template?: { spec?: { containers?: Container[]; initContainers?: Container[] } } };
}
interface Container {
  image: string;
  env?: { name: string; value?: string }[];
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "knvirt-overlay-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function built(kustomization: object): Workload[] {
  writeFileSync(join(folder, "kustomization.yaml"), JSON.stringify(kustomization));
  const text = execFileSync(kubectl, ["kustomize", folder], { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 });
  return parseAllDocuments(text).map((document) => document.toJS() as Workload);
}

const containersOf = ({ spec }: Workload): Container[] => [
  ...(spec?.template?.spec?.containers ?? []),
  ...(spec?.template?.spec?.initContainers ?? []),
];

/** As docs/install.md shows it. */
const launcherImage = (kind: string) => ({
  source: {
    kind: "DaemonSet",
    name: "knvirt-executor",
    fieldPath: "spec.template.spec.initContainers.[name=launcher-image].image",
  },
  targets: [
    {
      select: kind === "Service" ? { kind, group: "serving.knative.dev" } : { kind, name: "knvirt-controller" },
      fieldPaths: ["spec.template.spec.containers.[name=functions].env.[name=LAUNCHER_IMAGE].value"],
    },
  ],
});

test.each([
  { overlay: "knative", kind: "Service" },
  { overlay: "knative-broker", kind: "Service" },
  { overlay: "controller", kind: "Deployment" },
])("images of overlay $overlay are renamed from outside", ({ overlay, kind }) => {
  const containers = built({
    resources: [relative(folder, join(config, "overlays", overlay))],
    images: renamed,
    replacements: [launcherImage(kind)],
  }).flatMap(containersOf);
  expect(new Set(containers.map(({ image }) => image))).toEqual(
    new Set(images.map((name) => `registry.example/${name}:v1`)),
  );
  const told = containers.flatMap(({ env = [] }) => env).find(({ name }) => name === "LAUNCHER_IMAGE");
  expect(told?.value).toBe("registry.example/launcher:v1");
});

test("monitoring comes on top of an overlay", () => {
  const kinds = built({
    resources: [relative(folder, join(config, "overlays", "knative"))],
    components: [relative(folder, join(config, "components", "monitoring"))],
  }).map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(["PodMonitor", "ServiceMonitor"]));
});

test("no overlay has an object of a kind that it brings itself: one apply is enough", () => {
  for (const overlay of ["knative", "knative-broker", "controller"]) {
    const kinds = built({ resources: [relative(folder, join(config, "overlays", overlay))] }).map(({ kind }) => kind);
    expect(kinds).not.toContain("KubeVirt");
    expect(kinds).toContain("CustomResourceDefinition");
  }
});
