// Paths below a pod's folder are walked step by step without following symbolic links: the pod can write there, we are root.
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { ExecutorError } from "./errors.ts";

/** Linux' O_PATH, which node:fs does not name: a handle on the file itself, without opening what it stands for. */
const pathOnly = 0o10000000;
const { O_NOFOLLOW, O_DIRECTORY, O_RDONLY, O_NONBLOCK } = constants;

/** Path of an open descriptor as this process sees it. */
export const pathOfDescriptor = (descriptor: number): string => `/proc/self/fd/${descriptor}`;

/** A descriptor of the last step. Throws ENOENT when there is no such path, UnsafePath when a step is a link. */
function openBelow(root: string, steps: readonly string[], lastFlags: number): number {
  let folder = openSync(root, pathOnly | O_DIRECTORY);
  for (const [index, step] of steps.entries()) {
    const parent = folder;
    const flags = index === steps.length - 1 ? lastFlags : pathOnly | O_DIRECTORY;
    try {
      folder = openStep(parent, step, flags);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ELOOP" && code !== "ENOTDIR") throw error;
      throw unsafe([root, ...steps.slice(0, index + 1)], "is a link or no folder");
    } finally {
      closeSync(parent);
    }
  }
  return folder;
}

function openStep(parent: number, step: string, flags: number): number {
  if (step === "" || step === "." || step === ".." || step.includes("/"))
    throw new ExecutorError("UnsafePath", `path step ${JSON.stringify(step)} is not a plain name`);
  return openSync(`${pathOfDescriptor(parent)}/${step}`, flags | O_NOFOLLOW);
}

const unsafe = (steps: string[], what: string): ExecutorError =>
  new ExecutorError("UnsafePath", `${steps.join("/")} ${what}: it is not followed`);

/** A descriptor that names exactly the socket found now, whatever takes its place later. To be closed by the caller. */
export function openSocket(root: string, steps: readonly string[]): number {
  const descriptor = openBelow(root, steps, pathOnly);
  if (fstatSync(descriptor).isSocket()) return descriptor;
  closeSync(descriptor);
  throw unsafe([root, ...steps], "is not a socket");
}

export async function connectSocket(root: string, steps: readonly string[]): Promise<Socket> {
  const descriptor = openSocket(root, steps);
  try {
    return await new Promise<Socket>((resolve, reject) => {
      const socket = connect({ path: pathOfDescriptor(descriptor) }, () => {
        socket.off("error", reject);
        resolve(socket);
      });
      socket.once("error", reject);
    });
  } finally {
    closeSync(descriptor);
  }
}

/** Names exactly the file found now, without opening what it stands for; undefined when there is none. */
export function openFileBelow(root: string, steps: readonly string[]): number | undefined {
  try {
    return openBelow(root, steps, pathOnly);
  } catch {
    return undefined;
  }
}

/** The first bytes of an ordinary file; undefined when it is missing or anything else, such as a link or a pipe. */
export function readFileBelow(root: string, steps: readonly string[], longest: number): string | undefined {
  let descriptor: number;
  try {
    descriptor = openBelow(root, steps, O_RDONLY | O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    if (!fstatSync(descriptor).isFile()) return undefined;
    const content = Buffer.alloc(longest);
    return content.toString("utf8", 0, readSync(descriptor, content, 0, longest, 0));
  } finally {
    closeSync(descriptor);
  }
}
