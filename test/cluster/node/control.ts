// How the node's first process is told what to run: one request a connection, as JSON, over a socket in its folder.
import { connect, createServer, type Server } from "node:net";
import { text } from "node:stream/consumers";
import type { Program } from "./program.ts";
import type { ReportLine, Supervision } from "./supervision.ts";

export type Request =
  | { verb: "report" }
  /** Runs it as defined here: one that runs otherwise is started anew. */
  | { verb: "keep"; program: Program }
  | { verb: "start" | "stop"; name: string };
interface Reply {
  error?: string;
  report?: ReportLine[];
}

export const socketName = "control";

/** Longer paths are cut off by the kernel. */
const longestPath = 107;

/** Answers with the state after the request. */
export async function ask(socket: string, request: Request): Promise<ReportLine[]> {
  if (socket.length > longestPath) throw new Error(`path of socket ${socket} is too long: shorten KNVIRT_CLUSTER`);
  const connection = connect(socket);
  connection.end(JSON.stringify(request));
  const { error, report } = JSON.parse(await text(connection)) as Reply;
  if (error !== undefined) throw new Error(error);
  return report ?? [];
}

export function serve(socket: string, programs: Supervision): Server {
  // The end of a request is not the end of the connection, on which the answer goes back.
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    let request = "";
    connection.on("error", () => undefined); // whoever asked has gone: the answer is nobody's
    connection.on("data", (chunk) => {
      request += chunk;
    });
    connection.on("end", async () => connection.end(JSON.stringify(await answer(request, programs))));
  });
  return server.listen(socket);
}

async function answer(text: string, programs: Supervision): Promise<Reply> {
  try {
    const request = JSON.parse(text) as Request;
    if (request.verb === "keep") await programs.keep(request.program);
    if (request.verb === "start") programs.start(request.name);
    if (request.verb === "stop") await programs.stop(request.name);
    return { report: programs.report() };
  } catch (error) {
    return { error: (error as Error).message };
  }
}
