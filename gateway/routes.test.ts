import { aVmi } from "../test/support/builders.ts";
import { openOf } from "./console.ts";
import { parseSubresource } from "./routes.ts";

const base = "/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/web";
const vmi = aVmi({ name: "web" });
const running = { ...vmi, status: { phase: "Running" as const } };
const failed = { ...vmi, status: { phase: "Failed" as const } };
const succeeded = { ...vmi, status: { phase: "Succeeded" as const } };
const withoutConsole = {
  ...running,
  spec: { domain: { devices: { autoattachSerialConsole: false } } },
};

test("a subresource's path is taken apart", () => {
  expect(parseSubresource(`${base}/vnc?preserveSession=true`)).toMatchObject({
    version: "v1",
    namespace: "default",
    name: "web",
    subresource: "vnc",
  });
});

test.each([
  { path: "/", code: 404, says: "is not served" },
  { path: "//", code: 400, says: "is no path" },
  { path: base.replace("v1", "v2"), code: 404, says: "is not served" },
  { path: base, code: 404, says: "is not served" },
  { path: `${base}/usbredir`, code: 501, says: "not supported yet: virtualmachineinstances have console and vnc" },
  { path: `${base}/vnc/screenshot`, code: 501, says: "web: subresource vnc/screenshot is not supported yet" },
  {
    path: `${base.replace("instances", "s")}/start`,
    code: 501,
    says: "virtualmachines default/web: subresource start is not supported yet: set its spec.runStrategy to Always",
  },
  { path: `${base.replace("instances", "s")}/console`, code: 501, says: "virtualmachineinstances have console" },
])("$path is refused with $code", ({ path, code, says }) =>
  expect(() => parseSubresource(path)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(says) }),
  ),
);

test.each([
  { when: "the instance is not there", path: "console", vmi: undefined, code: 404 },
  { when: "it is not running yet", path: "console", vmi, code: 400 },
  { when: "it has failed", path: "console", vmi: failed, code: 409 },
  { when: "it has ended", path: "console", vmi: succeeded, code: 409 },
  { when: "it has no serial console", path: "console", vmi: withoutConsole, code: 409 },
  { when: "it has no graphics", path: "vnc", vmi: running, code: 409 },
])("when $when the answer is $code", ({ path, vmi, code }) =>
  expect(() => openOf(parseSubresource(`${base}/${path}`), vmi)).toThrow(expect.objectContaining({ code })),
);

test("a running instance with a console is opened", () => {
  const open = openOf(parseSubresource(`${base}/console`), running);
  expect(open).toEqual({ namespace: "default", name: "web", endpoint: 1, preserveSession: false });
});
