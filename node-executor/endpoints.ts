// Which socket of which pod answers for a guest's endpoint, and who is using it now. One user each, at most.
import type { Socket } from "node:net";
import { status } from "@grpc/grpc-js";
import { launcherSocket } from "@knvirt/api";
import { type Key, keyText } from "@knvirt/kubernetes";
import { Endpoint, type Open } from "@knvirt/proto";
import { ExecutorError } from "./errors.ts";
import { socketSteps } from "./launchers.ts";
import { connectSocket } from "./no-follow.ts";
import { withRecentOutput } from "./replay.ts";
import type { Session, Sessions } from "./sessions.ts";

/** Refused with a code that the gateway turns into an HTTP status. */
export class EndpointRefusal extends Error {
  override readonly name = "EndpointRefusal";
  readonly code: status;

  constructor(code: status, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface Endpoints {
  /** The guest's end as a byte stream. Whoever used it before is sent away, unless the wish is to leave them be. */
  open(wish: Open): Promise<Opened>;
}

export interface Opened {
  socket: Socket;
  /** Of a console: what it said before. */
  first: Buffer;
}

const sockets: Partial<Record<Endpoint, string>> = {
  [Endpoint.ENDPOINT_SERIAL_CONSOLE]: launcherSocket.serial,
  [Endpoint.ENDPOINT_VNC]: launcherSocket.vnc,
};

export interface EndpointSources {
  podsDir: string;
  sessions: Sessions;
  /** Its launcher is on this node, or may be: not everything was seen yet since this process started. */
  isExpected(vmi: Key): boolean;
}

export function endpointsOf({ podsDir, ...known }: EndpointSources): Endpoints {
  const inUse = new Map<string, Socket>();
  return {
    open: async (wish) => {
      const steps = stepsOf(known, wish);
      const place = steps.join("/");
      const before = inUse.get(place);
      if (before && wish.preserveSession && wish.endpoint === Endpoint.ENDPOINT_VNC)
        throw new EndpointRefusal(
          status.UNAVAILABLE,
          `the display of ${keyText(wish)} is in use: another viewer is on it`,
        );
      before?.destroy(takenOver(wish));
      const opened = await connected(podsDir, steps, wish);
      const { socket } = opened;
      // Of two that connected meanwhile the later one stays.
      inUse.get(place)?.destroy(takenOver(wish));
      if (!socket.closed) inUse.set(place, socket);
      socket.on("error", () => undefined); // its reader is told; the writer need not be
      socket.once("close", () => {
        if (inUse.get(place) === socket) inUse.delete(place);
      });
      return opened;
    },
  };
}

export type KnownGuests = Omit<EndpointSources, "podsDir">;

function stepsOf(known: KnownGuests, wish: Open): string[] {
  const socket = sockets[wish.endpoint];
  if (!socket) throw new EndpointRefusal(status.INVALID_ARGUMENT, `endpoint ${wish.endpoint} is unknown`);
  return socketSteps(sessionOf(known, wish).podUid, socket);
}

/** Refused when the instance is not here. */
export function sessionOf({ sessions, isExpected }: KnownGuests, vmi: Required<Key>): Session {
  const session = sessions.ofVmi(vmi);
  if (session) return session;
  const name = `virtualmachineinstance ${keyText(vmi)}`;
  if (isExpected(vmi))
    throw new EndpointRefusal(status.UNAVAILABLE, `${name} is not known here yet: try again in a moment`);
  throw new EndpointRefusal(status.NOT_FOUND, `${name} does not run on this node`);
}

async function connected(podsDir: string, steps: string[], wish: Open): Promise<Opened> {
  const [podUid = ""] = steps;
  const connect = (): Promise<Socket> => connectSocket(podsDir, steps);
  try {
    if (wish.endpoint === Endpoint.ENDPOINT_SERIAL_CONSOLE)
      return await withRecentOutput({ podsDir, podUid }, connect);
    return { socket: await connect(), first: Buffer.alloc(0) };
  } catch (error) {
    const why =
      error instanceof ExecutorError ? "its socket is not trusted" : "its guest is not up, or has no such device";
    const message = `${keyText(wish)} does not answer on ${steps.at(-1)}: ${why}`;
    throw new EndpointRefusal(status.FAILED_PRECONDITION, message, { cause: error });
  }
}

const takenOver = (wish: Open): EndpointRefusal =>
  new EndpointRefusal(status.ABORTED, `${keyText(wish)} was taken over by another client`);
