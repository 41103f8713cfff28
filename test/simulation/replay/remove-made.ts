// After a replay: nothing of it is left on the server, whatever holds it back.
import type { Server } from "../../compare/server/server.ts";
import { isBinding, type Recorded } from "./recording.ts";

export async function removeMade(server: Server, recording: readonly Recorded[]): Promise<void> {
  const collections = recording
    .filter(({ request }) => request.method === "POST" && !isBinding(request))
    .map(({ request }) => request.path);
  for (const path of new Set(collections)) {
    const { body } = await server.call({ method: "GET", path });
    for (const { metadata } of body.items) await remove(server, `${path}/${metadata.name}`);
  }
}

async function remove(server: Server, path: string): Promise<void> {
  await server.call({ method: "DELETE", path: `${path}?gracePeriodSeconds=0` });
  await server.call({
    ...{ method: "PATCH", path, contentType: "application/merge-patch+json" },
    body: { metadata: { finalizers: null } },
  });
  const { code } = await server.call({ method: "GET", path });
  if (code !== 404) throw new Error(`${server.name} does not let go of ${path}`);
}
