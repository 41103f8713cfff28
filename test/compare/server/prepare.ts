// What both servers hold before the first request: a namespace for the comparison, the account that pods run under, and
// our kinds in a group of their own, so that no controller of an installed knvirt acts on them.
import { customResourceDefinitionsOfKubevirt } from "@knvirt/api";
import { eventually } from "../../support/eventually.ts";
import { group, namespace } from "../request/kinds.ts";
import type { Server } from "./server.ts";

const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

export async function prepare(server: Server): Promise<void> {
  await made(server, "/api/v1/namespaces", { metadata: { name: namespace } });
  await made(server, `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: "default" } });
  for (const definition of definitions()) {
    await made(server, definitionsPath, definition);
    const path = `/apis/${group}/v1/namespaces/${namespace}/${definition.spec.names.plural}`;
    await eventually(async () => (await server.call({ method: "GET", path })).code === 200, {
      ...{ seconds: 30, what: `${server.name} serves ${definition.metadata.name}` },
    });
  }
}

interface Definition {
  metadata: { name: string };
  spec: { group: string; names: { plural: string } };
}

const definitions = (): Definition[] =>
  customResourceDefinitionsOfKubevirt().map((definition) => {
    const { spec, ...rest } = definition as unknown as Definition;
    return { ...rest, metadata: { name: `${spec.names.plural}.${group}` }, spec: { ...spec, group } };
  });

async function made(server: Server, path: string, body: object): Promise<void> {
  const { code, body: said } = await server.call({ method: "POST", path, body });
  if (code !== 201 && code !== 409)
    throw new Error(`${server.name} refuses what the comparison needs: ${said.message}`);
}
