// After a case: nothing of it is left, whatever finalizers it has put on its objects.
import { group, namespace } from "../request/kinds.ts";
import type { Step } from "../request/step.ts";
import type { Json, Server } from "./server.ts";

const patch = { method: "PATCH", contentType: "application/merge-patch+json" };

export async function removeOwn(server: Server, steps: readonly Step[]): Promise<void> {
  const [path] = steps.filter(({ method }) => method === "POST").map((step) => step.path);
  if (!path) return;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { body } = await server.call({ method: "GET", path });
    const own = ((body.items ?? []) as Json[]).filter(({ metadata }) => isOwn(path, metadata.name));
    if (own.length === 0) return;
    for (const { metadata } of own) await remove(server, `${path}/${metadata.name}`, metadata);
  }
  throw new Error(`${server.name} does not let go of what a case has made at ${path}`);
}

/** A deletion may put a finalizer of its own. */
const attempts = 5;

const isOwn = (path: string, name: string): boolean =>
  path.includes(`/namespaces/${namespace}/`) || path.includes(group)
    ? name !== "kube-root-ca.crt"
    : name.startsWith("compare-");

async function remove(server: Server, path: string, { finalizers }: Json): Promise<void> {
  const query = "?gracePeriodSeconds=0";
  if (finalizers?.length > 0) await server.call({ ...patch, path, body: { metadata: { finalizers: null } } });
  await server.call({ method: "DELETE", path: path + query });
  if (path.startsWith("/api/v1/namespaces/compare-"))
    await server.call({
      ...{ method: "PUT", path: `${path}/finalize` },
      body: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: path.split("/").at(-1) },
        spec: { finalizers: [] },
      },
    });
}
