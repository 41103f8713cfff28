// Whether the API server is reached, which is all that this group's health is about.
import type { Client } from "@knvirt/kubernetes";
import { group, versions } from "./routes.ts";

export const healthPaths: ReadonlySet<string> = new Set(
  versions.map((version) => `/apis/${group}/${version}/healthz`),
);

export async function health({ transport }: Client): Promise<{ code: 200 | 500; body: object }> {
  try {
    const version = await transport.call<object>({ method: "GET", path: "/version" });
    return { code: 200, body: { apiserver: { connectivity: "ok", version } } };
  } catch (error) {
    return { code: 500, body: { apiserver: { connectivity: "failed", error: (error as Error).message } } };
  }
}
