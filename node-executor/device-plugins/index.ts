// The device plugins of this node, kept known to its kubelet: whoever of the two starts again, they find each other.
import { type FSWatcher, watch } from "node:fs";
import { nodeDevices } from "./devices.ts";
import { devicePluginOf, type PluginPlace, socketPrefix } from "./plugin.ts";
import { kubeletSocket } from "./registration.ts";

export interface DevicePluginsOptions extends Omit<PluginPlace, "onFollowed"> {
  /** Whether all are registered may have changed. */
  onChange(): void;
  pollMs?: number;
}

export interface DevicePlugins {
  /** The kubelet counts on all of them. What is missing on the node it was told as unhealthy. */
  readonly areRegistered: boolean;
  close(): void;
}

/** Looked after at every change of a socket, and by the clock: device nodes come and go without a sign that is cheap
 * to watch, since every write to /dev/null is one too. */
const usualPollMs = 5_000;

export function startDevicePlugins({
  onChange,
  pollMs = usualPollMs,
  ...place
}: DevicePluginsOptions): DevicePlugins {
  const onFollowed = (): void => {
    onChange();
    loop.run();
  };
  const plugins = nodeDevices.map((device) => devicePluginOf(device, { ...place, onFollowed }));
  const loop = coalesced(async () => {
    await Promise.all(plugins.map((plugin) => plugin.lookAfter()));
  });
  const watcher = watched(place.directory, loop.run);
  const timer = setInterval(loop.run, pollMs);
  loop.run();
  return {
    get areRegistered() {
      return plugins.every(({ isFollowed }) => isFollowed);
    },
    close: () => {
      loop.stop();
      clearInterval(timer);
      watcher?.close();
      for (const plugin of plugins) plugin.close();
    },
  };
}

interface Loop {
  run(): void;
  stop(): void;
}

/** One run at a time; what is asked for meanwhile is done once more. */
function coalesced(work: () => Promise<void>): Loop {
  const state = { isRunning: false, again: false, isStopped: false };
  const run = (): void => {
    if (state.isStopped) return;
    state.again = state.isRunning;
    if (state.isRunning) return;
    state.isRunning = true;
    void work().finally(() => {
      state.isRunning = false;
      if (state.again) run();
    });
  };
  return {
    run,
    stop: () => {
      state.isStopped = true;
    },
  };
}

/** Only makes it quicker: a folder that cannot be watched is looked at by the clock. */
function watched(folder: string, onSocket: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, (_event, file) => {
      if (file === kubeletSocket || file?.startsWith(socketPrefix)) onSocket();
    });
    return watcher.on("error", () => watcher.close());
  } catch {
    return undefined;
  }
}
