// The table of libvirt's events: one line each. A test holds it against libvirt's own protocol files.
import { event, message } from "./program.ts";
import { typedParam } from "./typed-params.ts";
import { domain, graphicsAddress, graphicsIdentity } from "./types.ts";
import { array, int32, int64, optional, string, uint32, uint64 } from "./xdr.ts";

const params = array(typedParam);

/** Each carries the domain it is about. The second number is the one to register for. */
export const domainEvents = {
  lifecycle: event(318, 0, { event: int32, detail: int32 }),
  reboot: event(319, 1, {}),
  watchdog: event(321, 3, { action: int32 }),
  ioErrorReason: event(324, 6, { srcPath: string, devAlias: string, action: int32, reason: string }),
  graphics: event(323, 5, {
    phase: int32,
    local: graphicsAddress,
    remote: graphicsAddress,
    authScheme: string,
    subject: array(graphicsIdentity),
  }),
  diskChange: event(327, 9, {
    oldSrcPath: optional(string),
    newSrcPath: optional(string),
    devAlias: string,
    reason: int32,
  }),
  trayChange: event(328, 10, { devAlias: string, reason: int32 }),
  balloonChange: event(331, 13, { actual: uint64 }),
  deviceRemoved: event(333, 15, { devAlias: string }),
  tunable: event(346, 17, { params }),
  agentLifecycle: event(348, 18, { state: int32, reason: int32 }),
  deviceAdded: event(354, 19, { devAlias: string }),
  migrationIteration: event(359, 20, { iteration: int32 }),
  jobCompleted: event(363, 21, { params }),
  deviceRemovalFailed: event(367, 22, { devAlias: string }),
  metadataChange: event(379, 23, { type: int32, nsuri: optional(string) }),
  blockJob: event(339, 16, { dst: string, type: int32, status: int32 }),
  blockThreshold: event(385, 24, { dev: string, path: optional(string), threshold: uint64, excess: uint64 }),
  memoryFailure: event(423, 25, { recipient: int32, action: int32, flags: uint32 }),
  memoryDeviceSizeChange: event(438, 26, { alias: string, size: uint64 }),
};

/** An event of QEMU's own, in QEMU's words; details are JSON. */
export const monitorEvent = message(0x20008087, 6, {
  callbackID: int32,
  dom: domain,
  event: string,
  seconds: int64,
  micros: uint32,
  details: optional(string),
});

/** The daemon lost its hypervisor, or is about to end. */
export const connectionClosed = message(0x20008086, 362, { reason: int32 });
