// The embedded API server answers as Kubernetes' own does: the same random requests to both. Kubernetes' stands alone, with
// no controller that would act on what is made. What is compared, and what may differ: test/compare/differences.ts. The
// requests are the same in each run; new ones are looked for on purpose: `npm run compare`.
import { kinds } from "../../compare/request/kinds.ts";
import { compareServers } from "../../compare/search.ts";
import { type EmbeddedServer, startEmbeddedServer } from "../../compare/server/embedded.ts";
import { type RealServer, startRealServer } from "../../compare/server/real.ts";

const requests = 1_500;

let embedded: EmbeddedServer;
let real: RealServer;
beforeAll(async () => {
  [embedded, real] = await Promise.all([startEmbeddedServer(), startRealServer()]);
});
afterAll(() => Promise.all([embedded.stop(), real.stop()]));

test(`${requests} requests are answered alike`, async () => {
  const { differs, report } = await compareServers({ servers: { embedded, real }, kinds, requests, seed: 1 });
  console.log(report);
  expect(differs).toBe(false);
});
