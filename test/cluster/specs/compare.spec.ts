// The embedded API server answers as Kubernetes' own does: the same random requests to both, in a namespace and an API
// group of the comparison's own. What is compared, and what may differ: test/compare/differences.ts.
import { randomInt } from "node:crypto";
import { quietKinds } from "../../compare/request/kinds.ts";
import { compareServers } from "../../compare/search.ts";
import { type EmbeddedServer, startEmbeddedServer } from "../../compare/server/embedded.ts";
import { clean } from "../../compare/server/prepare.ts";
import { type Server, serverAt } from "../../compare/server/server.ts";
import { sharedHost } from "../../support/shared-host.ts";

const requests = 3_000;

let embedded: EmbeddedServer;
let real: Server;
beforeAll(async () => {
  real = serverAt("kube-apiserver", sharedHost().access);
  embedded = await startEmbeddedServer();
});
afterAll(async () => {
  await embedded.stop();
  await clean(real);
  real.close();
});

test(`${requests} requests are answered alike`, async () => {
  const seed = randomInt(2 ** 31);
  const { differs, report } = await compareServers({
    servers: { embedded, real },
    kinds: quietKinds,
    requests,
    seed,
  });
  console.log(report);
  expect(differs).toBe(false);
});
