// Builds Dockerfiles with buildah: no daemon, no container runtime, and a storage of its own below the cache.
import { rename, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "@knvirt/build";
import type { Run } from "../run.ts";

export interface Builder {
  build(image: { dockerfile: string; base: string; name: string }): Promise<void>;
  /** An image of that root file system. Answers with its id. */
  add(root: string, name: string): Promise<string>;
  /** The id of what the name stands for, if it stands for anything. */
  find(name: string): Promise<string | undefined>;
  /** Removes all that was built, and what was kept to build it again faster. */
  clear(): Promise<void>;
  /** As a docker archive: its layers are not compressed, so nodes take it in quickly. */
  save(name: string, archive: string): Promise<void>;
}

export async function createBuilder(run: Run, folder: string): Promise<Builder> {
  const driver = (await isOverlay(folder)) ? "vfs" : "overlay";
  const places = ["--root", join(folder, "storage"), "--runroot", join(folder, "run"), "--storage-driver", driver];
  const buildah = (...args: string[]): Promise<string> => run(["buildah", ...places, ...args]);
  /** A container runtime would want a cgroup, and networks; a changed root directory is enough to install packages. */
  const build = ["bud", "--isolation", "chroot", "--layers", "--quiet"];
  return {
    build: async ({ dockerfile, base, name }) => {
      const options = ["--build-arg", `BASE=${base}`, "--file", join(repository, dockerfile), "--tag", name];
      await buildah(...build, ...options, repository);
    },
    add: async (root, name) => {
      const container = (await buildah("from", "scratch")).trim();
      await buildah("add", "--quiet", container, root, "/");
      const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
      await buildah("config", "--env", path, "--cmd", "/bin/sh", container);
      return idIn(await buildah("commit", "--quiet", "--rm", container, name));
    },
    find: async (name) =>
      idIn(await buildah("images", "--quiet", "--no-trunc", "--filter", `reference=${name}`)) || undefined,
    clear: async () => {
      await buildah("rm", "--all");
      await buildah("rmi", "--all", "--force");
    },
    save: async (name, archive) => {
      // What an interrupted build left behind is not added to.
      await rm(`${archive}.new`, { force: true });
      await buildah("push", "--quiet", name, `docker-archive:${archive}.new:${name}`);
      await rename(`${archive}.new`, archive);
    },
  };
}

const idIn = (said: string): string => said.trim().replace(/^sha256:/, "");

const overlayMagic = 0x794c7630;

/** An overlay cannot lie on another one. */
const isOverlay = async (folder: string): Promise<boolean> => (await statfs(folder)).type === overlayMagic;
