// What the guest's clock shows when it starts, and the timers it has.
import type { VmiSpec } from "@knvirt/api";
import type { Conversion } from "./conversion.ts";
import { element, type XmlElement } from "./xml.ts";

type Clock = NonNullable<VmiSpec["domain"]["clock"]>;
type Timers = NonNullable<Clock["timer"]>;

/** libvirt's names of the timers. */
const names: Record<keyof Timers, string> = {
  rtc: "rtc",
  pit: "pit",
  kvm: "kvmclock",
  hpet: "hpet",
  hyperv: "hypervclock",
};

interface Timer {
  present?: boolean;
  tickPolicy?: string;
  track?: string;
}

export function clock({ vmi }: Conversion): XmlElement[] {
  const { timezone, utc, timer = {} } = vmi.spec.domain.clock ?? {};
  const offset = timezone
    ? { offset: "timezone", timezone }
    : { offset: "utc", adjustment: utc?.offsetSeconds || undefined };
  const timers = (Object.keys(names) as (keyof Timers)[]).flatMap((name) => {
    const given: Timer | undefined = timer[name];
    if (!given) return [];
    const { present = true, tickPolicy, track } = given;
    return [element("timer", { name: names[name], present: present ? "yes" : "no", tickpolicy: tickPolicy, track })];
  });
  return [element("clock", offset, ...timers)];
}
