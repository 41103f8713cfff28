// npm run compare: the same requests to the embedded API server and to Kubernetes' own: those that told them apart once,
// and random ones.
import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { apiServerPage } from "./page.ts";
import { kinds } from "./request/kinds.ts";
import { compareServers } from "./search.ts";
import { startEmbeddedServer } from "./server/embedded.ts";
import { startRealServer } from "./server/real.ts";

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "3000" },
    seed: { type: "string" },
    /** Of one kind only. */
    kind: { type: "string" },
    /** Writes docs/api-server.md, and does nothing else. */
    page: { type: "boolean", default: false },
  },
});

if (values.page) writeFileSync(join(import.meta.dirname, "..", "..", "docs", "api-server.md"), apiServerPage());
else await compare();

async function compare(): Promise<void> {
  const chosen = kinds.filter(({ kind }) => values.kind === undefined || kind === values.kind);
  if (chosen.length === 0)
    throw new Error(`no requests are made for kind ${values.kind}: known are ${kinds.map(({ kind }) => kind)}`);
  const [embedded, real] = await Promise.all([startEmbeddedServer(), startRealServer()]);
  try {
    const { report, differs } = await compareServers({
      ...{ servers: { embedded, real }, kinds: chosen, requests: Number(values.requests) },
      seed: values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed),
    });
    console.log(report);
    process.exitCode = differs ? 1 : 0;
  } finally {
    await Promise.all([embedded.stop(), real.stop()]);
  }
}
