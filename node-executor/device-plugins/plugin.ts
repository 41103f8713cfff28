// One device plugin and what keeps it known to the kubelet: device, socket, registration, each put right where it is not.
import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../log.ts";
import { allocation, deviceList, isUsable, type NodeDevice } from "./devices.ts";
import { type PluginServer, servePlugin } from "./plugin-server.ts";
import { register } from "./registration.ts";

export interface PluginPlace {
  /** The kubelet's directory of device plugins. */
  directory: string;
  /** Where the node's /dev is seen. */
  devDir: string;
  /** How many containers may share a device. */
  count: number;
  /** The kubelet began or ceased to count on it. */
  onFollowed(): void;
  log: Log;
}

export interface Plugin {
  readonly isFollowed: boolean;
  lookAfter(): Promise<void>;
  close(): void;
}

/** A kubelet that was asked calls back soon. */
const callbackMs = 2_000;
const never = Number.NEGATIVE_INFINITY;

export const socketPrefix = "knvirt-";

export function devicePluginOf(device: NodeDevice, place: PluginPlace): Plugin {
  const { log } = place;
  const state: State = { isUsable: false, askedAt: never };
  return {
    get isFollowed() {
      return state.server?.isFollowed ?? false;
    },
    lookAfter: async () => {
      try {
        noteUse(device, state, place);
        await putInPlace(device, state, place);
        if (await isRegisteredAnew(device, state, place))
          log.info({ resource: device.resource }, "registered with the kubelet");
      } catch (err) {
        const { message } = err as Error;
        if (message !== state.complaint)
          log.warn({ err, device: device.name }, "the kubelet cannot be told of a device: it is tried again");
        state.complaint = message;
      }
    },
    close: () => {
      state.isClosed = true;
      state.server?.close();
    },
  };
}

const endpointOf = ({ name }: NodeDevice): string => `${socketPrefix}${name}.sock`;

async function serve(device: NodeDevice, state: State, place: PluginPlace): Promise<PluginServer> {
  const { directory, count, onFollowed } = place;
  await access(directory); // else what fails says nothing of why
  return servePlugin({
    socket: join(directory, endpointOf(device)),
    list: () => deviceList(device, { count, isUsable: state.isUsable }),
    allocate: (request) => allocation(device, request),
    onFollowed,
  });
}

/** True when the kubelet was asked, because it does not follow. */
async function isRegisteredAnew(device: NodeDevice, state: State, place: PluginPlace): Promise<boolean> {
  const isWaiting = performance.now() - state.askedAt < callbackMs;
  if (state.isClosed || state.server?.isFollowed || isWaiting) return false;
  const registration = { directory: place.directory, endpoint: endpointOf(device), resource: device.resource };
  await register(registration, () => putInPlace(device, state, place));
  state.askedAt = performance.now();
  delete state.complaint;
  return true;
}

interface State {
  isClosed?: boolean;
  isUsable: boolean;
  server?: PluginServer;
  askedAt: number;
  /** Logged once, until it works or fails otherwise. */
  complaint?: string;
}

function noteUse(device: NodeDevice, state: State, { devDir, log }: Pick<PluginPlace, "devDir" | "log">): void {
  const usable = isUsable(device, devDir);
  if (usable === state.isUsable) return;
  state.isUsable = usable;
  state.server?.tell();
  log.info({ device: device.name, usable }, "a device of the node came or went");
}

/** The old server closes first: closing takes the socket of that name away, whoever made it. */
async function putInPlace(device: NodeDevice, state: State, place: PluginPlace): Promise<void> {
  if ((await state.server?.isInPlace()) || state.isClosed) return;
  state.server?.close();
  delete state.server;
  const server = await serve(device, state, place);
  if (state.isClosed) return server.close();
  state.server = server;
  state.askedAt = never;
}
