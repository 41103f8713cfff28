// The base of our images: Debian's stable release from the mirror that this machine uses, without documentation, like
// the image that Debian publishes in registries.
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "../run.ts";
import type { Builder } from "./builder.ts";
import { debianMirror } from "./mirror.ts";

const release = "trixie";

/** Of no use in a container, or made anew when it is. */
const unused = [
  "usr/share/doc",
  "usr/share/info",
  "usr/share/locale",
  "usr/share/man",
  "var/cache/apt",
  "var/cache/ldconfig",
  "var/lib/apt/lists",
  "var/log/apt/eipp.log.xz",
  "var/log/bootstrap.log",
  "var/log/dpkg.log",
];

interface Workplace {
  run: Run;
  folder: string;
  builder: Builder;
}

/** Answers with its id. Made once, it stays as it is: a new base would make every image new. */
export async function baseImage({ run, folder, builder }: Workplace, say: (remark: string) => void): Promise<string> {
  const recipe = createHash("sha256").update(JSON.stringify([release, unused]));
  const name = `localhost/knvirt/base:${recipe.digest("hex").slice(0, 12)}`;
  const present = await builder.find(name);
  if (present) {
    say("cached");
    return present;
  }
  // Nothing that was built on an earlier base is of use any more.
  await builder.clear();
  const root = await mkdtemp(join(folder, "base-"));
  try {
    await run(["debootstrap", "--variant=minbase", release, root, await debianMirror(run)]);
    for (const path of unused) await rm(join(root, path), { recursive: true, force: true });
    say(`Debian ${release}`);
    return await builder.add(root, name);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
