// In which order the items of two lists stand once merged: applied ones as applied, the others where they stood.

export interface Place {
  side: "live" | "applied";
  index: number;
}

/** An item of both lists stands in the result once, as the applied one. */
export function mergedOrder(live: string[], applied: string[]): Place[] {
  const order: Place[] = [];
  const isApplied = new Set(applied);
  const isLive = new Set(live);
  const shared = applied.filter((element) => isLive.has(element));
  let at = 0;
  for (const [index, element] of applied.entries()) {
    at = takeLive({ order, live, isApplied }, at, shared[0]);
    order.push({ side: "applied", index });
    if (element === shared[0]) {
      shared.shift();
      if (live[at] === element) at += 1;
    }
  }
  for (; at < live.length; at += 1) {
    if (!isApplied.has(live[at] ?? "")) order.push({ side: "live", index: at });
  }
  return order;
}

/** Takes the live items up to the next shared one, and answers where the following ones begin. */
function takeLive(
  { order, live, isApplied }: { order: Place[]; live: string[]; isApplied: ReadonlySet<string> },
  from: number,
  nextShared: string | undefined,
): number {
  let at = from;
  for (; at < live.length && live[at] !== nextShared; at += 1) {
    const wasMerged = isApplied.has(live[at] ?? "");
    if (wasMerged && nextShared === undefined) return at + 1;
    if (!wasMerged) order.push({ side: "live", index: at });
  }
  return at;
}
