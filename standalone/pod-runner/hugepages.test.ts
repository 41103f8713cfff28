import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hugepageBytes, hugepageResources, hugepagesOf } from "./hugepages.ts";

test("pages of each size are counted and named as the kubelet names them", async () => {
  const root = await mkdtemp(join(tmpdir(), "knvirt-hugepages-"));
  for (const [name, count] of [
    ["hugepages-2048kB", "32\n"],
    ["hugepages-1048576kB", "0\n"],
  ] as const) {
    await mkdir(join(root, name));
    await writeFile(join(root, name, "nr_hugepages"), count);
  }
  const found = await hugepagesOf(root);
  await rm(root, { recursive: true });
  expect(hugepageResources(found)).toEqual({ "hugepages-2Mi": "65536Ki", "hugepages-1Gi": "0Ki" });
  expect(hugepageBytes(found)).toBe(64 * 1024 ** 2);
});

test("a kernel without them has none", async () => expect(await hugepagesOf("/nowhere")).toEqual([]));
