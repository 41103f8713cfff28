// The API server of one machine, for the time of a run.
import { startInstalledServer } from "../../../standalone/testing/installed-server.ts";
import { type Server, serverAt } from "./server.ts";

export interface EmbeddedServer extends Server {
  stop(): Promise<void>;
}

export async function startEmbeddedServer(): Promise<EmbeddedServer> {
  const { access, close } = await startInstalledServer();
  const server = serverAt("embedded API server", access);
  return {
    ...server,
    stop: async () => {
      server.close();
      await close();
    },
  };
}
