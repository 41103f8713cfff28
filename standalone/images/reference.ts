// What an image reference means: where it is copied from, and when it is copied again.
import { ImageError } from "./errors.ts";

export type PullPolicy = "Always" | "IfNotPresent" | "Never";

export interface ImageSource {
  /** The name skopeo copies from, transport included. */
  name: string;
  isRegistry: boolean;
  /** A registry on this machine speaks HTTP or has a certificate nobody signed. */
  isLoopback: boolean;
}

const localTransports = ["oci:", "oci-archive:", "docker-archive:", "dir:"];
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?\//;
const registryName = /^[A-Za-z0-9[\]][\w.\-:[\]/]*(@sha256:[0-9a-f]{64})?$/;

export function imageSource(reference: string): ImageSource {
  const local = localTransports.find((transport) => reference.startsWith(transport));
  if (local) return localSource(reference, local);
  const name = reference.replace(/^docker:\/\//, "");
  if (!registryName.test(name) || name.length > 512)
    throw new ImageError(
      "InvalidReference",
      `image ${JSON.stringify(reference.slice(0, 512))} is no image reference: expected host/name:tag, or ${localTransports.join(", ")} with a path`,
    );
  return { name: `docker://${name}`, isRegistry: true, isLoopback: loopback.test(name) };
}

/** The directory this process happens to run in is nobody's business. */
function localSource(reference: string, transport: string): ImageSource {
  if (reference[transport.length] === "/") return { name: reference, isRegistry: false, isLoopback: false };
  throw new ImageError(
    "InvalidReference",
    `image ${JSON.stringify(reference.slice(0, 512))} has no absolute path: expected ${transport}/path`,
  );
}

/** What the API server fills in when a container names no policy: a moving tag is asked for each time. */
export function defaultPolicy(reference: string): PullPolicy {
  if (reference.includes("@sha256:")) return "IfNotPresent";
  const lastPart = reference.slice(reference.lastIndexOf("/") + 1);
  const tag = lastPart.split(":")[1];
  return tag === undefined || tag === "latest" ? "Always" : "IfNotPresent";
}
