// What the rig builds of other projects, and where each binary is then.
import { join } from "node:path";
import type { ClusterContext } from "./context.ts";
import { buildGo, type GoModule } from "./go-build.ts";

export interface Binaries {
  /** Folders of several binaries. */
  kubernetes: string;
  containerd: string;
  /** Single programs. */
  dns: string;
  pause: string;
}

const folder = (name: string): string => join(import.meta.dirname, "go", name);
const small = "-ldflags=-s -w";
const version = "k8s.io/component-base/version";
/** What a release says of itself; clients and the kubelet compare it. */
const release = { gitMajor: "1", gitMinor: "36", gitVersion: "v1.36.3", gitTreeState: "clean" };
const stamped = Object.entries(release).map(([name, value]) => `-X ${version}.${name}=${value}`);

/** Commands of a module's tool directives: go.mod alone says what is built. */
const tools = ["tool"];

export const modules = {
  kubernetes: {
    name: "kubernetes",
    folder: folder("kubernetes"),
    packages: tools,
    flags: [[small, ...stamped].join(" ")],
  },
  containerd: { name: "containerd", folder: folder("containerd"), packages: tools, flags: [small, "-tags=no_btrfs"] },
  coredns: { name: "coredns", folder: folder("coredns"), packages: ["."], flags: [small] },
  pause: { name: "pause", folder: folder("pause"), packages: ["."], flags: [small] },
} satisfies Record<string, GoModule>;

/** One after the other: each build uses all processors. */
export async function buildBinaries(context: Pick<ClusterContext, "cache" | "progress" | "run">): Promise<Binaries> {
  return {
    pause: join(await buildGo(context, modules.pause), "pause"),
    containerd: await buildGo(context, modules.containerd),
    dns: join(await buildGo(context, modules.coredns), "coredns"),
    kubernetes: await buildGo(context, modules.kubernetes),
  };
}
