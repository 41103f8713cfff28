// One at a time: two `up` of a cluster at once, or two builds of the same images, would undo each other's work.
import { createServer, type Server } from "node:net";
import { eventually } from "../support/eventually.ts";

/** Until this process ends. */
export async function lockCluster(bridge: string): Promise<void> {
  const lock = await take(bridge);
  if (!lock) throw new Error(`cluster ${bridge} is busy: another up or down of it is under way`);
  lock.unref();
}

const longestBuildSeconds = 1800;

/** Waits for its turn, as long as the longest build may take. */
export async function inTurn<T>(name: string, body: () => Promise<T>): Promise<T> {
  const lock = await eventually(() => take(name), {
    seconds: longestBuildSeconds,
    what: `others are done with ${name}`,
  });
  try {
    return await body();
  } finally {
    lock.close();
  }
}

/** A name that one process of the machine can have at a time; the kernel frees it however that process ends. */
function take(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen(`\0knvirt-cluster-${name}`, () => resolve(server));
  });
}
