// A picture of what the guest's display shows.
import type { CallOptions, Connection } from "./connection.ts";
import { remote } from "./procedures.ts";
import type { Domain } from "./types.ts";

export interface Screenshot {
  mimeType: string;
  image: Buffer;
}

export async function takeScreenshot(
  connection: Connection,
  domain: Domain,
  { screen = 0, ...options }: CallOptions & { screen?: number } = {},
): Promise<Screenshot> {
  const wanted = { dom: domain, screen, flags: 0 };
  const { reply, stream } = await connection.openStream(remote.domainScreenshot, wanted, options);
  const pieces: Buffer[] = [];
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) pieces.push(chunk);
  return { mimeType: reply.mime ?? "application/octet-stream", image: Buffer.concat(pieces) };
}
