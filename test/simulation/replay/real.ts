// Kubernetes' own API server with our kinds, and what its controllers would have made for pods.
import { customResourceDefinitionsOfKubevirt } from "@knvirt/api";
import { type RealServer, startRealServer } from "../../compare/server/real.ts";
import type { Server } from "../../compare/server/server.ts";
import { eventually } from "../../support/eventually.ts";

interface Definition {
  metadata: { name: string };
  spec: { group: string; names: { plural: string }; versions: { name: string }[] };
}

export async function startRealWithKinds(): Promise<RealServer> {
  const server = await startRealServer();
  const account = { metadata: { name: "default" } };
  await eventually(
    async () => (await server.call({ method: "GET", path: "/api/v1/namespaces/default" })).code === 200,
    {
      what: "kube-apiserver has made its namespaces",
    },
  );
  await made(server, "/api/v1/namespaces/default/serviceaccounts", account);
  for (const definition of customResourceDefinitionsOfKubevirt() as unknown as Definition[])
    await install(server, definition);
  return server;
}

async function install(server: Server, definition: Definition): Promise<void> {
  const { group, names, versions } = definition.spec;
  await made(server, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
  for (const { name } of versions) {
    const path = `/apis/${group}/${name}/${names.plural}`;
    await eventually(async () => (await server.call({ method: "GET", path })).code === 200, {
      ...{ seconds: 30, what: `kube-apiserver serves ${definition.metadata.name}` },
    });
  }
}

async function made(server: Server, path: string, body: object): Promise<void> {
  const { code, body: said } = await server.call({ method: "POST", path, body });
  if (code !== 201 && code !== 409) throw new Error(`kube-apiserver refuses ${path}: ${said.message}`);
}
