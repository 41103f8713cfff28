// KubeVirt's kinds on an API server of a test, until it serves them.
import { customResourceDefinitionsOfKubevirt } from "@knvirt/api";
import { type Client, customResourceDefinitions, keyOf } from "@knvirt/kubernetes";
import { eventually } from "./eventually.ts";

export async function installKinds(client: Client): Promise<void> {
  for (const definition of customResourceDefinitionsOfKubevirt()) {
    await client.create(customResourceDefinitions, definition);
    const find = () => client.find(customResourceDefinitions, keyOf(definition));
    await eventually(async () => JSON.stringify((await find())?.status ?? {}).includes('"Established"'), {
      what: `${definition.metadata.name} is served`,
      evidence: async () => JSON.stringify(await find(), null, 1),
    });
  }
}
