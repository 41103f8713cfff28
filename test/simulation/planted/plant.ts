// To be imported before all else (`node --import`): plants the bug that PLANTED_BUG names into the source as it is loaded.
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { withBug } from "./bug.ts";
import { bugs } from "./bugs/index.ts";

const name = process.env.PLANTED_BUG;
const bug = bugs.find((candidate) => candidate.name === name);
if (!bug) throw new Error(`planted bug ${name} is unknown`);

const target = pathToFileURL(`${import.meta.dirname}/../../../${bug.file}`).href;
let isPlanted = false;

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    if (url !== target) return loaded;
    isPlanted = true;
    const source = Buffer.from(loaded.source as Buffer).toString("utf8");
    return { ...loaded, source: withBug(source, bug) };
  },
});

process.on("exit", (code) => {
  if (code === 0 && !isPlanted) {
    console.error(`planted bug ${bug.name} was not planted: nothing loaded ${bug.file}`);
    process.exitCode = 1;
  }
});
