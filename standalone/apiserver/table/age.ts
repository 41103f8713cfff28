// Durations as kubectl prints them: two units at most, fewer the longer it is.

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

interface Step {
  below: number;
  unit: [size: number, letter: string];
  /** Shown beside the unit when it is not 0. */
  rest?: [size: number, letter: string];
}

const steps: Step[] = [
  { below: 2 * minute, unit: [1, "s"] },
  { below: 10 * minute, unit: [minute, "m"], rest: [1, "s"] },
  { below: 3 * hour, unit: [minute, "m"] },
  { below: 8 * hour, unit: [hour, "h"], rest: [minute, "m"] },
  { below: 2 * day, unit: [hour, "h"] },
  { below: 8 * day, unit: [day, "d"], rest: [hour, "h"] },
  { below: 2 * year, unit: [day, "d"] },
  { below: 8 * year, unit: [year, "y"], rest: [day, "d"] },
];

export function durationText(seconds: number): string {
  if (seconds < -1) return "<invalid>";
  const whole = Math.max(0, Math.floor(seconds));
  const { unit, rest } = steps.find(({ below }) => whole < below) ?? { unit: [year, "y"], rest: undefined };
  const [size, letter] = unit as [number, string];
  const more = rest ? Math.floor((whole % size) / rest[0]) : 0;
  return `${Math.floor(whole / size)}${letter}${rest && more > 0 ? `${more}${rest[1]}` : ""}`;
}

export function ageText(since: unknown, now: Date): string {
  const moment = typeof since === "string" ? Date.parse(since) : Number.NaN;
  return Number.isNaN(moment) ? "<unknown>" : durationText((now.getTime() - moment) / 1000);
}
