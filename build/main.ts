// npm run build: what the Dockerfiles take in, into dist/.
import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { buildImageFiles, imageFolder, imageNames } from "./images.ts";
import { repository } from "./programs.ts";

const remarks = await buildImageFiles();
for (const folder of imageNames.map(imageFolder))
  for (const file of await readdir(folder)) {
    const { size } = await stat(join(folder, file));
    console.log(`${relative(repository, join(folder, file)).padEnd(40)} ${(size / 1e6).toFixed(1).padStart(6)} MB`);
  }
for (const remark of remarks) console.log(`note: ${remark}`);
