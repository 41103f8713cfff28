// The image store with real tools: images from OCI layouts made here, no registry.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { runTool } from "@knvirt/tools";
import { type ImageStore, openImageStore } from "./store.ts";

let workspace: string;
let layout: string;
let directory: string;
let store: ImageStore;

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), "knvirt-images-"));
  layout = join(workspace, "layout");
  await runTool("umoci", ["init", "--layout", layout]);
  await makeImage("image", "one");
});
afterAll(() => rm(workspace, { recursive: true, force: true }));
beforeEach(async () => {
  directory = await mkdtemp(join(workspace, "store-"));
  store = openImageStore(directory);
});

async function makeImage(tag: string, text: string): Promise<void> {
  const content = join(workspace, "content");
  await rm(content, { recursive: true, force: true });
  await mkdir(content);
  await writeFile(join(content, "note"), text);
  const image = ["--image", `${layout}:${tag}`];
  await runTool("umoci", ["new", ...image]);
  await runTool("umoci", ["insert", ...image, content, "/data"]);
  await runTool("umoci", [
    "config",
    ...image,
    "--config.user",
    "107",
    "--config.cmd",
    "/bin/serve",
    "--config.env",
    "A=b",
  ]);
}

const noteIn = (rootfs: string): Promise<string> => readFile(join(rootfs, "data/note"), "utf8");

test("an image is pulled, unpacked, and found again", async () => {
  const reference = `oci:${layout}:image`;
  const image = await store.pull(reference);
  expect(await noteIn(image.rootfs)).toBe("one");
  expect(image.config).toEqual({ entrypoint: [], cmd: ["/bin/serve"], env: ["A=b"], user: "107", workingDir: "/" });
  expect(await store.find(reference)).toEqual(image);
  expect(await readdir(join(directory, "pulling"))).toEqual([]);
});

test("pulls of one reference at a time are one", async () => {
  const stages: string[] = [];
  const pull = () =>
    store.pull(`oci:${layout}:image`, { onProgress: ({ stage, line }) => line === undefined && stages.push(stage) });
  const images = await Promise.all([pull(), pull(), pull()]);
  expect(new Set(images.map(({ rootfs }) => rootfs)).size).toBe(1);
  expect(stages).toEqual(["copying", "unpacking"]);
});

test("Always notices a moved tag, IfNotPresent does not, and an unmoved one is not copied again", async () => {
  await makeImage("moving", "old");
  const reference = `oci:${layout}:moving`;
  await store.pull(reference, { policy: "Always" });
  let copies = 0;
  const counted = { onProgress: () => (copies += 1) };
  await store.pull(reference, { policy: "Always", ...counted });
  expect(copies).toBe(0);
  await makeImage("moving", "new");
  expect(await noteIn((await store.pull(reference, { policy: "IfNotPresent", ...counted })).rootfs)).toBe("old");
  expect(copies).toBe(0);
  expect(await noteIn((await store.pull(reference, { policy: "Always" })).rootfs)).toBe("new");
});

test("an image made here is never asked for elsewhere", async () => {
  const added = await store.add("knvirt.dev/example:latest", layout);
  expect(await store.pull("knvirt.dev/example:latest", { policy: "Always" })).toEqual(added);
});

test.each([
  { when: "a tag that is not there", reference: () => `oci:${layout}:none`, reason: "NotFound" },
  { when: "a layout that is not there", reference: () => "oci:/nonexistent:tag", reason: "NotFound" },
  { when: "a registry that does not answer", reference: () => "127.0.0.1:1/a/b:c", reason: "Unreachable" },
  { when: "no reference at all", reference: () => "what is this", reason: "InvalidReference" },
])("$when", async ({ reference, reason }) => {
  await expect(store.pull(reference())).rejects.toMatchObject({ name: "ImageError", reason });
  await expect(store.pull(reference())).rejects.toThrow(reference());
});

test("a damaged image is told, and leaves nothing", async () => {
  const broken = join(workspace, "broken");
  await runTool("cp", ["-r", layout, broken]);
  for (const name of await readdir(join(broken, "blobs/sha256"))) {
    const blob = join(broken, "blobs/sha256", name);
    if (!(await readFile(blob, "latin1")).startsWith("{")) await writeFile(blob, "garbage");
  }
  await expect(store.pull(`oci:${broken}:image`)).rejects.toMatchObject({ reason: "BadImage" });
  expect(await readdir(join(directory, "pulling"))).toEqual([]);
  expect(await readdir(join(directory, "unpacked")).catch(() => [])).toEqual([]);
});

test("a full disk is told by name", async () => {
  const small = join(directory, "small");
  await mkdir(small);
  await runTool("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", small]);
  try {
    await makeImage("large", "x".repeat(500_000));
    const pull = openImageStore(small).pull(`oci:${layout}:large`);
    await expect(pull).rejects.toMatchObject({ reason: "NoSpace" });
  } finally {
    await runTool("umount", [small]);
  }
});

test("prune removes what is not in use, and what broken pulls left", async () => {
  const kept = await store.pull(`oci:${layout}:image`);
  await makeImage("unused", "unused");
  const unused = await store.pull(`oci:${layout}:unused`);
  await mkdir(join(directory, "pulling/999999999-abc"));
  const removed = await store.prune(new Set([kept.rootfs]));
  expect(removed).toEqual([unused.reference]);
  expect(await store.find(unused.reference)).toBeUndefined();
  expect(await noteIn(kept.rootfs)).toBe("one");
  expect(await readdir(join(directory, "pulling"))).toEqual([]);
  expect(await readdir(join(directory, "unpacked"))).toHaveLength(1);
});
