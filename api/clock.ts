// Clock and timers of a VMI.
import { choice, flag, integer, object, optional, text } from "./schema.ts";

const present = optional(flag("The timer is there; true when left out."));
const timer = (description: string) => optional(object(description, { present }));
const ticks = "What becomes of ticks that the guest missed.";

const timers = object("Timers of the guest.", {
  hpet: optional(object("High precision event timer.", { present, tickPolicy: optional(choice(["delay"], ticks)) })),
  hyperv: timer("Reference time of Hyper-V, for Windows."),
  kvm: timer("KVM's paravirtual clock."),
  pit: optional(
    object("Programmable interval timer.", {
      present,
      tickPolicy: optional(choice(["delay", "discard"], ticks)),
    }),
  ),
  rtc: optional(
    object("Real time clock.", {
      present,
      tickPolicy: optional(choice(["delay", "catchup"], ticks)),
      track: optional(choice(["guest", "wall"], "What it follows.")),
    }),
  ),
});

const maxOffsetSeconds = 10 * 366 * 24 * 3600;

export const clock = object(
  "What the guest's clock shows, and the timers it has.",
  {
    utc: optional(
      object("The clock shows UTC; the default.", {
        offsetSeconds: optional(
          integer("Seconds that the clock is ahead of UTC.", {
            minimum: -maxOffsetSeconds,
            maximum: maxOffsetSeconds,
          }),
        ),
      }),
    ),
    timezone: optional(
      text("The clock shows the local time of this zone, for example Europe/Berlin.", {
        pattern: "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$",
        maxLength: 64,
      }),
    ),
    timer: optional(timers),
  },
  {
    rules: [
      {
        rule: "!(has(self.utc) && has(self.timezone))",
        message: "a clock shows UTC or a time zone: both were given",
      },
    ],
  },
);
