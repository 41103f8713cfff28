import { aVmi } from "../testing/builders.ts";
import { podMetadata } from "./pod-metadata.ts";

const metadataOf = (metadata: object) => podMetadata({ vmi: aVmi({ metadata }), claims: [], kubevirt: undefined });

test.each([
  { when: "of the user", given: { note: "x" }, want: { note: "x" } },
  { when: "of kubectl", given: { "kubectl.kubernetes.io/last-applied-configuration": "{}" }, want: {} },
  { when: "about versions of the API", given: { "kubevirt.io/latest-observed-api-version": "v1" }, want: {} },
  { when: "that the executor obeys", given: { "knvirt.dev/disk-bytes": '{"root":1e15}' }, want: {} },
])("annotations $when are inherited, or not", ({ given, want }) => {
  const { annotations } = metadataOf({ annotations: given });
  expect(annotations).toEqual({
    ...want,
    "kubevirt.io/domain": "web",
    "kubectl.kubernetes.io/default-container": "compute",
    "kubevirt.io/memory-overhead-bytes": expect.any(String),
  });
});

test("labels are inherited, but for those by which launchers are found", () => {
  expect(metadataOf({ labels: { app: "web", "kubevirt.io": "mine" } }).labels).toMatchObject({
    app: "web",
    "kubevirt.io": "virt-launcher",
  });
});

test("the wish for a service mesh is a label too", () => {
  const annotations = { "sidecar.istio.io/inject": "true" };
  expect(metadataOf({ annotations }).labels).toMatchObject(annotations);
});

test.each([
  { name: "web", want: "web" },
  { name: "x".repeat(63), want: "x".repeat(63) },
  { name: "x".repeat(64), want: `${"x".repeat(54)}-bb2fa3ee` },
])("a name of $name.length characters fits into a label", ({ name, want }) => {
  expect(metadataOf({ name }).labels?.["vmi.kubevirt.io/id"]).toBe(want);
});
