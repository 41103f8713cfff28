// What Kubernetes' own roles let users do with VMs, asked of the API server that decides it.
import { resource } from "@knvirt/kubernetes";
import { sharedHost } from "../../support/shared-host.ts";

const { client, namespace } = sharedHost();
const roleBindings = resource("rbac.authorization.k8s.io/v1", "RoleBinding");
const users = { viewer: "view", editor: "edit", owner: "admin" } as const;
const bindingOf = (user: string) => ({ namespace, name: `knvirt-test-${user}` });

beforeAll(async () => {
  for (const [user, name] of Object.entries(users))
    await client.apply(
      roleBindings,
      {
        apiVersion: roleBindings.apiVersion,
        kind: roleBindings.kind,
        metadata: bindingOf(user),
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
      } as never,
      { manager: "knvirt-test", force: true },
    );
});
afterAll(async () => {
  for (const user of Object.keys(users)) await client.delete(roleBindings, bindingOf(user));
});

async function may(user: string, verb: string, what: string): Promise<boolean> {
  const [group = "", path = ""] = what.split(" ");
  const [plural = "", ...below] = path.split("/");
  const { status } = await client.transport.call<{ status: { allowed: boolean } }>({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: {
        user,
        groups: ["system:authenticated"],
        resourceAttributes: { namespace, verb, group, resource: plural, subresource: below.join("/") },
      },
    },
  });
  return status.allowed;
}

const vms = "kubevirt.io virtualmachines";
const vmis = "kubevirt.io virtualmachineinstances";
const sub = (path: string): string => `subresources.kubevirt.io ${path}`;

test.each([
  { verb: "get", what: vms, want: { viewer: true, editor: true, owner: true } },
  { verb: "watch", what: vmis, want: { viewer: true, editor: true, owner: true } },
  { verb: "create", what: vms, want: { viewer: false, editor: true, owner: true } },
  { verb: "delete", what: vmis, want: { viewer: false, editor: true, owner: true } },
  { verb: "deletecollection", what: vms, want: { viewer: false, editor: false, owner: true } },
  { verb: "patch", what: `${vms}/status`, want: { viewer: false, editor: false, owner: false } },
  { verb: "patch", what: `${vmis}/status`, want: { viewer: false, editor: false, owner: false } },
  { verb: "get", what: sub("virtualmachineinstances/console"), want: { viewer: false, editor: true, owner: true } },
  { verb: "get", what: sub("virtualmachineinstances/vnc"), want: { viewer: false, editor: true, owner: true } },
  {
    verb: "get",
    what: sub("virtualmachineinstances/vnc/screenshot"),
    want: { viewer: false, editor: false, owner: true },
  },
  { verb: "get", what: sub("virtualmachineinstances/userlist"), want: { viewer: true, editor: true, owner: true } },
  { verb: "update", what: sub("virtualmachineinstances/pause"), want: { viewer: false, editor: true, owner: true } },
  { verb: "update", what: sub("virtualmachines/start"), want: { viewer: false, editor: true, owner: true } },
  { verb: "get", what: sub("virtualmachines/portforward"), want: { viewer: false, editor: true, owner: true } },
  { verb: "list", what: "kubevirt.io kubevirts", want: { viewer: true, editor: true, owner: true } },
  { verb: "patch", what: "kubevirt.io kubevirts", want: { viewer: false, editor: false, owner: false } },
])("$verb $what", async ({ verb, what, want }) => {
  const answers = Object.keys(users).map(async (user) => [user, await may(user, verb, what)] as const);
  expect(Object.fromEntries(await Promise.all(answers))).toEqual(want);
});
