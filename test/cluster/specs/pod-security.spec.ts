// Launcher pods live where the strictest pod security is enforced.
import { launcherPodName, virtualMachines } from "@knvirt/api";
import { namespaces, type Pod, pods } from "@knvirt/kubernetes";
import { buildersFor } from "../../support/builders.ts";
import { clusterImage } from "../../support/cluster-names.ts";
import { sharedHost } from "../../support/shared-host.ts";
import { removeVms, runningVmi } from "../../support/vms.ts";

const host = sharedHost();
const { aVm } = buildersFor(host);
const { client, namespace } = host;
const name = "confined";

afterAll(() => removeVms(host, name));

it("is enforced in the namespace of the specs", async () => {
  const labels = (await client.find(namespaces, { name: namespace }))?.metadata.labels;
  expect(labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
  const violating: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "violating", namespace },
    spec: { containers: [{ name: "root", image: clusterImage("functions") }] },
  };
  await expect(client.create(pods, violating)).rejects.toThrow(/violates PodSecurity "restricted/);
});

it("admits the pod of a VM, which runs as nobody special", async () => {
  await client.create(virtualMachines, aVm({ name }));
  await runningVmi(host, name);
  const pod = await client.find(pods, { namespace, name: launcherPodName(name) });
  expect(pod?.spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
  for (const { securityContext } of pod?.spec.containers ?? [])
    expect(securityContext).toMatchObject({ allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } });
});
