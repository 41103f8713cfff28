import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeArchive } from "./oci-archive.ts";
import { run } from "./run.ts";

describe("an archive of images", () => {
  const text = async (archive: string, path: string) => run(["tar", "--extract", "--to-stdout", "-f", archive, path]);
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "knvirt-archive-"));
    await writeFile(join(folder, "program"), "#!/bin/sh\n", { mode: 0o700 });
  });
  afterAll(async () => rm(folder, { recursive: true }));

  const images = () => ({
    name: "dev.local/knative/one:1a2b",
    entrypoint: ["/knative/one"],
    files: { "/knative/one": join(folder, "program") },
  });

  it("holds each image under its name, with its program and nothing else", async () => {
    const archive = join(folder, "one.tar");
    await writeArchive(run, [images()], archive);

    const [manifest] = JSON.parse(await text(archive, "./index.json")).manifests;
    const { config, layers } = JSON.parse(await text(archive, blob(manifest.digest)));
    expect(manifest.annotations["io.containerd.image.name"]).toBe("dev.local/knative/one:1a2b");
    expect(JSON.parse(await text(archive, blob(config.digest)))).toMatchObject({
      config: { User: "65532:65532", Entrypoint: ["/knative/one"] },
      rootfs: { diff_ids: [layers[0].digest] },
    });
    await run(["tar", "--extract", "-C", folder, "-f", archive, blob(layers[0].digest)]);
    const listing = await run(["tar", "--list", "--verbose", "-f", join(folder, blob(layers[0].digest))]);
    expect(
      listing
        .trim()
        .split("\n")
        .map((line) => line.split(/ +/).filter((_, n) => n === 0 || n === 5)),
    ).toEqual([
      ["drwxr-xr-x", "./"],
      ["drwxr-xr-x", "./knative/"],
      ["-rwxr-xr-x", "./knative/one"],
    ]);
  });

  it("is the same for the same programs", async () => {
    const digests: string[] = [];
    for (const name of ["a.tar", "b.tar"]) {
      await writeArchive(run, [images()], join(folder, name));
      digests.push((await run(["sha256sum", join(folder, name)])).slice(0, 64));
    }
    expect(digests[0]).toBe(digests[1]);
  });

  const blob = (digest: string) => `./blobs/${digest.replace(":", "/")}`;
});
