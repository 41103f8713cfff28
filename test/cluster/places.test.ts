import { clusterPlaces } from "./places.ts";

it.each([
  { when: "nothing is set", given: {}, want: { foreign: false, kubeconfig: "/var/lib/knvirt-cluster/kubeconfig" } },
  {
    when: "the cluster is elsewhere",
    given: { KNVIRT_CLUSTER: "/c" },
    want: { foreign: false, kubeconfig: "/c/kubeconfig", auditLog: "/c/audit.log" },
  },
  {
    when: "KUBECONFIG names another cluster",
    given: { KUBECONFIG: "/k" },
    want: { foreign: true, kubeconfig: "/k" },
  },
  {
    when: "KUBECONFIG names ours",
    given: { KNVIRT_CLUSTER: "/c", KUBECONFIG: "/c/kubeconfig" },
    want: { foreign: false, kubeconfig: "/c/kubeconfig" },
  },
])("when $when", ({ given, want }) => expect(clusterPlaces(given)).toMatchObject(want));
