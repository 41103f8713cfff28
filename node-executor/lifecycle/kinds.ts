// What can happen to a guest: which CloudEvent and which Kubernetes Event tells of it. docs/cloudevents.md is generated
// from this.
import type { LifecycleKind } from "@knvirt/api";
import type { DomainEvent } from "@knvirt/proto";
import type { EventText } from "../events.ts";

interface Kind {
  /** When it happens, as people read it. */
  when: string;
  /** What its CloudEvent says beside what each says. */
  fields: readonly ("reason" | "disk" | "action")[];
  /** Undefined where no Kubernetes Event is written: what guests can repeat at will, and ends, which the function vmi tells. */
  event?: (happened: DomainEvent) => EventText | undefined;
}

const normal = (reason: string, message: string): EventText => ({ type: "Normal", reason, message });
const warning = (reason: string, message: string): EventText => ({ type: "Warning", reason, message });

/** Events of their own tell of the cause of these; QEMU gives none when its guest panics. */
const isToldElsewhere = ({ reason }: DomainEvent): boolean => ["ioError", "watchdog", "unknown"].includes(reason);

const pauseText = ({ reason }: DomainEvent): string =>
  reason === "user" ? "the guest was paused by request" : `the guest was paused: ${reason}`;

const diskText = ({ disk, reason, action }: DomainEvent): string =>
  `disk ${disk} failed${reason === "enospc" ? ", no space is left for it" : ""}: ${deeds[action] ?? "the guest was told"}`;

const deeds: Record<string, string> = { pause: "the guest was paused", none: "the guest was not told" };

export const kinds: Record<LifecycleKind, Kind> = {
  started: {
    when: "The guest was started: its processors run, or are about to where it starts paused.",
    fields: ["reason"],
    event: () => normal("Started", "the guest was started"),
  },
  paused: {
    when: "The guest's processors stand still. Reason `user`: by request; `ioError`: a disk failed; `watchdog`; `unknown`: by QEMU itself, as just before `panicked`.",
    fields: ["reason"],
    event: (happened) => (isToldElsewhere(happened) ? undefined : normal("Paused", pauseText(happened))),
  },
  resumed: {
    when: "The guest's processors run again.",
    fields: ["reason"],
    event: () => normal("Unpaused", "the guest goes on"),
  },
  rebooted: { when: "The guest booted again, by itself or by request, in the same instance.", fields: [] },
  watchdog: {
    when: "The guest did not feed its watchdog in time.",
    fields: ["action"],
    event: ({ action }) => warning("WatchdogExpired", `the guest did not feed its watchdog: action ${action}`),
  },
  ioerror: {
    when: "A disk could not be read or written. Reason `enospc`: no space is left where it is kept.",
    fields: ["disk", "reason", "action"],
    event: (happened) => warning("IOerror", diskText(happened)),
  },
  panicked: {
    when: "The guest's kernel panicked and told so through a panic device.",
    fields: ["reason"],
    event: () => warning("GuestPanicked", "the guest's kernel panicked"),
  },
  agentconnected: { when: "The guest's agent opened its end of the channel.", fields: [] },
  agentdisconnected: { when: "The guest's agent closed its end of the channel.", fields: [] },
  shuttingdown: {
    when: "The guest was asked to shut down, because its instance ends.",
    fields: [],
    event: () => normal("ShuttingDown", "the guest was asked to shut down"),
  },
  shutdown: { when: "The guest has shut down in order. Last event of an instance.", fields: ["reason"] },
  stopped: {
    when: "The guest was switched off: it did not shut down in time, or was to be stopped at once. Last event of an instance.",
    fields: ["reason"],
    event: () => normal("Deleted", "the guest was switched off"),
  },
  crashed: {
    when: "The guest ended without shutting down: QEMU crashed, or its kernel had panicked. Last event of an instance.",
    fields: ["reason"],
  },
};
