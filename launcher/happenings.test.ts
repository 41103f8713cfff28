import { expect, test } from "@jest/globals";
import type { LifecycleChange } from "@knvirt/libvirt";
import { happeningOf, ioErrorOf } from "./happenings.ts";

const changed = (event: string, detail: string) => ({ event, detail }) as LifecycleChange;

test.each([
  { given: changed("started", "booted"), want: { kind: "started", reason: "booted" } },
  { given: changed("started", "wakeup"), want: undefined },
  { given: changed("suspended", "watchdog"), want: { kind: "paused", reason: "watchdog" } },
  { given: changed("suspended", "ioError"), want: { kind: "paused", reason: "ioError" } },
  { given: changed("resumed", "unpaused"), want: { kind: "resumed", reason: "unpaused" } },
  { given: changed("shutdown", "guest"), want: undefined },
  { given: changed("stopped", "shutdown"), want: { kind: "shutdown", reason: "shutdown" } },
  { given: changed("stopped", "destroyed"), want: { kind: "stopped", reason: "destroyed" } },
  { given: changed("stopped", "crashed"), want: { kind: "crashed", reason: "crashed" } },
  { given: changed("crashed", "panicked"), want: { kind: "panicked", reason: "panicked" } },
])("libvirt's $given.event $given.detail", ({ given, want }) => expect(happeningOf(given)).toEqual(want));

test.each([
  {
    given: { devAlias: "ua-root", action: 1, reason: "enospc" },
    want: { kind: "ioerror", disk: "root", reason: "enospc", action: "pause" },
  },
  {
    given: { devAlias: "ua-root", action: 9, reason: "" },
    want: { kind: "ioerror", disk: "root", reason: "", action: "unknown" },
  },
  { given: { devAlias: "sata0-0-0", action: 1, reason: "" }, want: undefined },
])("an I/O error of $given.devAlias", ({ given, want }) => expect(ioErrorOf(given)).toEqual(want));
