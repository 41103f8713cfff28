// Whether a process lives, and whether it does its work yet. Nothing else is told on this port: whoever reaches the pod
// may ask.
import { createServer } from "node:http";
import { type Listening, listen } from "./listen.ts";

export function serveHealth(port: number, isReady: () => boolean): Promise<Listening> {
  const server = createServer((request, response) => {
    const paths: Record<string, number> = { "/healthz": 200, "/readyz": isReady() ? 200 : 503 };
    response.statusCode = paths[request.url ?? ""] ?? 404;
    response.end();
  });
  return listen(server, { port });
}
