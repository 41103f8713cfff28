// Paths below a pod's folder are walked step by step without following symbolic links: the pod can write there, we are root.
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { ExecutorError } from "./errors.ts";

/** Linux' O_PATH, which node:fs does not name: a handle on the file itself, without opening what it stands for. */
const pathOnly = 0o10000000;
const { O_NOFOLLOW, O_DIRECTORY, O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_NONBLOCK } = constants;

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

/** Of an ordinary file, for reading and writing; undefined when there is none. Throws UnsafePath when it is anything else. */
export function openWritableFileBelow(root: string, steps: readonly string[]): number | undefined {
  let found: number;
  try {
    found = openBelow(root, steps, pathOnly);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    // Looked at before it is opened: opening a device or a pipe may already do something.
    if (!fstatSync(found).isFile()) throw unsafe([root, ...steps], "is no ordinary file");
    return openSync(pathOfDescriptor(found), O_RDWR | O_NONBLOCK);
  } finally {
    closeSync(found);
  }
}

/** A new and empty file. Throws EEXIST when there is anything of that name. */
export const createFileBelow = (root: string, steps: readonly string[]): number =>
  openBelow(root, steps, O_RDWR | O_CREAT | O_EXCL);

/** The first bytes of an ordinary file; undefined when it is missing or anything else, such as a link or a pipe. */
export const readFileBelow = (root: string, steps: readonly string[], longest: number): string | undefined =>
  readingBelow(root, steps, (descriptor) => readAt(descriptor, 0, longest).toString("utf8"));

export interface Tail {
  end: Buffer;
  /** Of the whole file. */
  size: number;
}

/** The last bytes of such a file. */
export const readEndBelow = (root: string, steps: readonly string[], longest: number): Tail | undefined =>
  readingBelow(root, steps, (descriptor, size) => ({
    end: readAt(descriptor, Math.max(0, size - longest), Math.min(size, longest)),
    size,
  }));

function readAt(descriptor: number, position: number, longest: number): Buffer {
  const content = Buffer.alloc(longest);
  return content.subarray(0, readSync(descriptor, content, 0, longest, position));
}

function readingBelow<T>(
  root: string,
  steps: readonly string[],
  read: (descriptor: number, size: number) => T,
): T | undefined {
  let descriptor: number;
  try {
    descriptor = openBelow(root, steps, O_RDONLY | O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const found = fstatSync(descriptor);
    return found.isFile() ? read(descriptor, found.size) : undefined;
  } finally {
    closeSync(descriptor);
  }
}
