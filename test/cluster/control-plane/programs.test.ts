import { networkOf, nodePlans } from "../network.ts";
import { clusterPlaces } from "../places.ts";
import { apiServerOptions, auditPolicy } from "./api-server.ts";
import { controlPlanePrograms } from "./programs.ts";

const [node] = nodePlans(networkOf("/c"), 1) as [ReturnType<typeof nodePlans>[number]];
const plane = { ...clusterPlaces({ KNVIRT_CLUSTER: "/c" }), kubernetes: "/bin/k8s", dns: "/bin/coredns", node };
const options = apiServerOptions(plane);

it.each([
  { when: "rights are RBAC's, and a node's its own", option: "authorization-mode", want: "Node,RBAC" },
  { when: "a kubelet may change its own node only", option: "enable-admission-plugins", want: "NodeRestriction" },
  { when: "one client may speak for others", option: "requestheader-allowed-names", want: "front-proxy-client" },
  { when: "its requests are written down", option: "audit-log-path", want: "/c/audit.log" },
  { when: "kubelets are reached by address", option: "kubelet-preferred-address-types", want: "InternalIP" },
])("$when", ({ option, want }) => expect(options[option]).toBe(want));

it("starts what others need first", () => {
  const { servers, clients } = controlPlanePrograms(plane);
  expect({ servers: servers.map(({ name }) => name), clients: clients.map(({ name }) => name) }).toEqual({
    servers: ["etcd", "kube-apiserver"],
    clients: ["kube-controller-manager", "kube-scheduler", "coredns"],
  });
});

it("keeps our own programs' requests in the audit log, leases among them", () => {
  expect(auditPolicy.rules[0]).toEqual({ level: "Metadata", userGroups: ["system:serviceaccounts:kubevirt"] });
});
