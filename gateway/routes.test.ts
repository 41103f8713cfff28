import { routeOf } from "./routes.ts";
import { subresources } from "./subresources.ts";

const base = "/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/web";
const vm = base.replace("instances", "s");

test.each([
  { path: `${base}/vnc?preserveSession=true`, subresource: "vnc", verb: "get", rest: [] },
  { path: `${base.replace("v1", "v1alpha3")}/console`, subresource: "console", verb: "get", rest: [] },
  { path: `${base}/vnc/screenshot`, subresource: "vnc/screenshot", verb: "get", rest: [] },
  { path: `${base}/portforward/80/tcp`, subresource: "portforward", verb: "get", rest: ["80", "tcp"] },
  { method: "PUT", path: `${base}/pause`, subresource: "pause", verb: "update", rest: [] },
  { method: "PUT", path: `${vm}/start`, subresource: "start", verb: "update", rest: [] },
  { path: `${vm}/portforward/22`, subresource: "portforward", verb: "get", rest: ["22"] },
])("$path is to $verb $subresource", ({ method = "GET", path, ...want }) => {
  const { wanted } = routeOf(method, path);
  const resource = path.startsWith(vm) ? "virtualmachines" : "virtualmachineinstances";
  expect(wanted).toMatchObject({ resource, namespace: "default", name: "web", ...want });
});

test.each([
  { path: "/", code: 404, says: "is not served" },
  { path: "//", code: 400, says: "is no path" },
  { path: base.replace("v1", "v2"), code: 404, says: "is not served" },
  { path: base, code: 404, says: "is not served" },
  { path: "/apis/subresources.kubevirt.io/v1/guestfs", code: 501, says: "is not supported yet" },
  { method: "PUT", path: base.replace(/virtual.*/, "expand-vm-spec"), code: 501, says: "expand-vm-spec is not" },
  { path: `${base}/start`, code: 404, says: "is not served" },
  { path: `${vm}/console`, code: 404, says: "is not served" },
  { path: `${base}/console/more`, code: 404, says: "is not served" },
  {
    path: `${base}/pause`,
    code: 405,
    says: "virtualmachineinstance default/web: pause is called by PUT: found GET",
  },
  { method: "PUT", path: `${base}/console`, code: 405, says: "console is called by GET: found PUT" },
])("$path is refused with $code", ({ method = "GET", path, code, says }) =>
  expect(() => routeOf(method, path)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(says) }),
  ),
);

test("no two subresources have the same path", () => {
  const paths = subresources.map(({ resource, path }) => `${resource}/${path}`);
  expect(new Set(paths).size).toBe(paths.length);
});
