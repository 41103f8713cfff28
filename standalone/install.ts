// What an installation consists of in the API: our kinds, their settings, and the path of the subresources.
import { setTimeout as sleep } from "node:timers/promises";
import { customResourceDefinitionsOfKubevirt, kubeVirts } from "@knvirt/api";
import {
  type Client,
  type Condition,
  customResourceDefinitions,
  type KubernetesObject,
  resource,
} from "@knvirt/kubernetes";

const manager = "knvirt-install";
const settingsKey = { namespace: "knvirt", name: "knvirt" };

const apiServices = resource<KubernetesObject & { spec: object }>("apiregistration.k8s.io/v1", "APIService", {
  namespaced: false,
});

export interface InstallOptions {
  /** KVM of this machine does not run guests. */
  emulation: boolean;
  /** Where CloudEvents about guests are sent. */
  events?: string;
}

export async function installDefinitions(client: Client, options: InstallOptions): Promise<void> {
  const definitions = customResourceDefinitionsOfKubevirt();
  await Promise.all([
    ...definitions.map((definition) => client.apply(customResourceDefinitions, definition, { manager, force: true })),
    ...["v1", "v1alpha3"].map((version, order) =>
      client.apply(apiServices, apiService(version, order), { manager, force: true }),
    ),
  ]);
  await Promise.all(definitions.map(({ metadata }) => established(client, metadata.name)));
  await installSettings(client, options);
}

const apiService = (version: string, order: number) => ({
  apiVersion: "apiregistration.k8s.io/v1",
  kind: "APIService",
  metadata: { name: `${version}.subresources.kubevirt.io` },
  spec: {
    group: "subresources.kubevirt.io",
    version,
    service: { namespace: "knvirt", name: "gateway" },
    groupPriorityMinimum: 1000,
    versionPriority: 15 - order,
  },
});

async function established(client: Client, name: string): Promise<void> {
  for (;;) {
    const definition = await client.find(customResourceDefinitions, { name });
    const { conditions = [] } = (definition?.status ?? {}) as { conditions?: Condition[] };
    if (conditions.some(({ type, status }) => type === "Established" && status === "True")) return;
    await sleep(20);
  }
}

/** Our own value is taken back only from ourselves: what a user set with kubectl stays, unless the option says otherwise. */
async function installSettings(client: Client, { emulation, events }: InstallOptions): Promise<void> {
  const { apiVersion, kind } = kubeVirts;
  const head = { apiVersion, kind, metadata: settingsKey };
  const stored = await client.find(kubeVirts, settingsKey);
  const isOurs = !stored?.metadata.managedFields?.some((entry) => entry.manager !== manager && ownsEmulation(entry));
  const configuration = {
    ...(isOurs && { developerConfiguration: { useEmulation: emulation } }),
    ...(events !== undefined && { lifecycleEvents: { sink: events } }),
  };
  await client.apply(kubeVirts, { ...head, spec: { configuration } } as KubernetesObject, { manager, force: true });
  await client.apply(kubeVirts, { ...head, status: { phase: "Deployed" } } as KubernetesObject, {
    manager,
    force: true,
    subresource: "status",
  });
}

const ownsEmulation = ({ fieldsV1 }: { fieldsV1: object }): boolean =>
  JSON.stringify(fieldsV1).includes('"f:useEmulation"');
