// What happened, for people. Written only where somebody will read it: building the lines costs more than the run.

export interface Line {
  atMs: number;
  who: string;
  text: string;
}

export interface Trace {
  readonly isOn: boolean;
  /** A function where building the text costs. */
  add(who: string, text: string | (() => string)): void;
  readonly lines: readonly Line[];
}

export function traceOf(isOn: boolean, nowMs: () => number): Trace {
  const lines: Line[] = [];
  return {
    isOn,
    lines,
    add: (who, text) => {
      if (isOn) lines.push({ atMs: nowMs(), who, text: typeof text === "string" ? text : text() });
    },
  };
}

/** `   12.345 s  vm-functions-2     creates Pod default/virt-launcher-a` */
export const lineText = ({ atMs, who, text }: Line): string =>
  `${(atMs / 1000).toFixed(3).padStart(10)} s  ${who.padEnd(22)} ${text}`;
