// Images of single programs as one archive for containerd: each a layer from scratch, uncompressed, nothing pulled.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { arch } from "node:os";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Run } from "./run.ts";

export interface Image {
  /** With its tag. */
  name: string;
  entrypoint: string[];
  /** Path inside the image (absolute), and the file of this machine that it is. */
  files: Record<string, string>;
}

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

/** No user of that number has to exist in an image that has no files but its program. */
const unprivileged = "65532:65532";
const architecture = { x64: "amd64", arm64: "arm64" }[arch() as string] ?? arch();
const mediaType = (kind: string) => `application/vnd.oci.image.${kind}`;
/** No dates and no owners of this machine: the same programs make the same images. */
const reproducible = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0", "--mode=a+rX"];

export async function writeArchive(run: Run, images: Image[], archive: string): Promise<void> {
  const folder = `${archive}.layout`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "blobs", "sha256"), { recursive: true });
  const manifests: object[] = [];
  for (const image of images) manifests.push(await addImage(run, image, folder));
  await writeFile(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  await writeFile(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
  await run(["tar", "--create", "--file", `${archive}.part`, ...reproducible, "-C", folder, "."]);
  await rm(folder, { recursive: true });
  // A whole archive or none: an interrupted build is not taken for a finished one.
  await rename(`${archive}.part`, archive);
}

async function addImage(run: Run, image: Image, folder: string): Promise<object> {
  const layer = await addLayer(run, image, folder);
  const config = await addJson(folder, mediaType("config.v1+json"), {
    architecture,
    os: "linux",
    config: { User: unprivileged, Entrypoint: image.entrypoint },
    rootfs: { type: "layers", diff_ids: [layer.digest] },
  });
  const manifest = await addJson(folder, mediaType("manifest.v1+json"), {
    schemaVersion: 2,
    mediaType: mediaType("manifest.v1+json"),
    config,
    layers: [layer],
  });
  return { ...manifest, annotations: { "io.containerd.image.name": image.name } };
}

async function addLayer(run: Run, { files }: Image, folder: string): Promise<Descriptor> {
  const root = join(folder, "root");
  for (const [path, source] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile(source, join(root, path));
  }
  const tar = join(folder, "layer.tar");
  await run(["tar", "--create", "--file", tar, ...reproducible, "-C", root, "."]);
  await rm(root, { recursive: true });
  const hash = createHash("sha256");
  await pipeline(createReadStream(tar), hash);
  const digest = hash.digest("hex");
  const { size } = await stat(tar);
  await rename(tar, join(folder, "blobs", "sha256", digest));
  return { mediaType: mediaType("layer.v1.tar"), digest: `sha256:${digest}`, size };
}

async function addJson(folder: string, mediaType: string, content: object): Promise<Descriptor> {
  const text = JSON.stringify(content);
  const digest = createHash("sha256").update(text).digest("hex");
  await writeFile(join(folder, "blobs", "sha256", digest), text);
  return { mediaType, digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
}
