// Which mirror of Debian this machine installs packages from.
import type { Run } from "../run.ts";

const format = "$(LABEL)|$(COMPONENT)|$(REPO_URI)";
const wanted = ["Debian", "main"];

export async function debianMirror(run: Run): Promise<string> {
  const targets = () => run(["apt-get", "indextargets", "--format", format, "Created-By: Packages"]);
  const known = mirrorIn(await targets());
  if (known) return known;
  // A mirror says what it is in lists that a fresh machine does not have yet.
  await run(["apt-get", "update", "--quiet"]);
  const said = await targets();
  const mirror = mirrorIn(said);
  if (!mirror)
    throw new Error(
      `mirror of Debian is unknown: apt's sources are ${JSON.stringify(said)}, expected one with label Debian`,
    );
  return mirror;
}

/** The first one of Debian itself: its security updates are elsewhere. */
export function mirrorIn(targets: string): string | undefined {
  return targets
    .split("\n")
    .map((line) => line.split("|"))
    .find(([label, component]) => label === wanted[0] && component === wanted[1])?.[2];
}
