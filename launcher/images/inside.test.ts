import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { fileInside } from "./inside.ts";

let root: string;
beforeAll(async () => {
  const parent = await mkdtemp(join(tmpdir(), "knvirt-inside-"));
  await writeFile(join(parent, "outside"), "");
  root = join(parent, "image");
  await mkdir(join(root, "disk/sub"), { recursive: true });
  for (const file of ["outside", "disk/a.img", "etc"]) await writeFile(join(root, file), "");
  const links = {
    "disk/relative": "a.img",
    "disk/absolute": "/disk/a.img",
    "disk/climbs": "../../../../outside",
    "disk/up": "sub/../a.img",
    dir: "disk",
    loop: "loop",
    gone: "nowhere",
  };
  for (const [path, target] of Object.entries(links)) await symlink(target, join(root, path));
});
afterAll(() => rm(join(root, ".."), { recursive: true }));

test.each([
  { path: "/disk/a.img", want: "disk/a.img" },
  { path: "disk//./a.img", want: "disk/a.img" },
  { path: "/disk/relative", want: "disk/a.img" },
  { path: "/disk/absolute", want: "disk/a.img" },
  { path: "/disk/up", want: "disk/a.img" },
  { path: "/dir/relative", want: "disk/a.img" },
  { path: "/disk/climbs", want: "outside" },
  { path: "/../../outside", want: "outside" },
  { path: "/dir/../../outside", want: "outside" },
])("$path is $want in the image", async ({ path, want }) =>
  expect(await fileInside(root, path)).toBe(join(root, want)),
);

test.each([
  { path: "/loop", want: /too many symbolic links/ },
  { path: "/gone", want: /ENOENT/ },
  { path: "/disk/sub", want: /is no file/ },
  { path: "/", want: /is no file/ },
  { path: "/etc/passwd", want: /ENOTDIR/ },
])("$path is refused", async ({ path, want }) => expect(fileInside(root, path)).rejects.toThrow(want));
