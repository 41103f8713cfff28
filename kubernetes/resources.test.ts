import { keyText, nodes, pathOf, pods, resource } from "./resources.ts";

const vms = resource("kubevirt.io/v1", "VirtualMachine");

test.each([
  { path: pathOf(pods, { namespace: "a", name: "b" }), want: "/api/v1/namespaces/a/pods/b" },
  { path: pathOf(pods, {}), want: "/api/v1/pods" },
  { path: pathOf(nodes, { name: "n" }), want: "/api/v1/nodes/n" },
  { path: pathOf(vms, { namespace: "a" }), want: "/apis/kubevirt.io/v1/namespaces/a/virtualmachines" },
  {
    path: pathOf(vms, { namespace: "a", name: "b" }, "status"),
    want: "/apis/kubevirt.io/v1/namespaces/a/virtualmachines/b/status",
  },
  { path: pathOf(pods, { namespace: "../x", name: "a/b" }), want: "/api/v1/namespaces/..%2Fx/pods/a%2Fb" },
])("$want", ({ path, want }) => expect(path).toBe(want));

test("a key reads as people write it", () => {
  expect(keyText({ namespace: "a", name: "b" })).toBe("a/b");
  expect(keyText({ name: "b" })).toBe("b");
});
