// Kubernetes' order of API versions: v2, v1, v1beta2, v1beta1, v1alpha1, then others by name.

const stages = ["alpha", "beta", ""];

function rank(version: string): [known: number, stage: number, major: number, minor: number] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  return match ? [1, stages.indexOf(match[2] ?? ""), Number(match[1]), Number(match[3] ?? 0)] : [0, 0, 0, 0];
}

/** For sorting: the most stable and newest version comes first. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [rank(a), rank(b)];
  for (const [place, value] of left.entries()) {
    const other = right[place] ?? 0;
    if (value !== other) return other - value;
  }
  return a < b ? -1 : Number(a > b);
}
