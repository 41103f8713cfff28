// What who asks for metrics is answered, over HTTP.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { metricsHandler } from "./metrics-handler.ts";
import { scraperAuthorization } from "./scraper-authorization.ts";
import type { ApiRequest, Transport } from "./transport.ts";

/** The API server: it knows two users by their tokens, lets one of them through, and breaks at a third's. */
function answerOf({ body }: ApiRequest): object {
  const { token, user } = (body as { spec: { token?: string; user?: string } }).spec;
  if (token === "broken") throw new Error("the API server is away");
  if (user) return { status: { allowed: user === "scraper" } };
  return { status: { authenticated: token !== "unknown", user: { username: token } } };
}
const transport = { call: async (request: ApiRequest) => answerOf(request) } as Transport;

let server: Server;
let failures: string[];
let text: () => string;
beforeEach(async () => {
  failures = [];
  text = () => "up 1\n";
  const handler = metricsHandler({
    authorization: scraperAuthorization({ transport } as Parameters<typeof scraperAuthorization>[0]),
    contentType: "text/plain",
    text: () => text(),
    onError: (error) => failures.push(String(error)),
  });
  server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

function ask(token?: string, path = "/metrics", method = "GET"): Promise<Response> {
  const { port } = server.address() as AddressInfo;
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  return fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
}

test.each([
  { when: "shows nothing", given: [], want: [401, "metrics need a bearer token that the API server knows\n"] },
  { when: "shows nothing and asks for more", given: [undefined, "/secrets"], want: [401, expect.any(String)] },
  { when: "is nobody", given: ["unknown"], want: [401, expect.any(String)] },
  { when: "may not", given: ["ann"], want: [403, "this user may not get /metrics\n"] },
  { when: "may", given: ["scraper", "/metrics?name=up"], want: [200, "up 1\n"] },
  { when: "may, and writes", given: ["scraper", "/metrics", "POST"], want: [405, expect.any(String)] },
  { when: "may, and asks for more", given: ["scraper", "/secrets"], want: [404, expect.any(String)] },
  { when: "cannot be checked", given: ["broken"], want: [503, expect.any(String)] },
])("who $when is answered $want.0", async ({ given, want }) => {
  const answer = await ask(...(given as Parameters<typeof ask>));
  expect([answer.status, await answer.text()]).toEqual(want);
  expect(failures).toEqual(want[0] === 503 ? ["Error: the API server is away"] : []);
});

test("who is refused learns how to ask, and who writes that there is nothing to write", async () => {
  const [refused, written] = [await ask(), await ask("scraper", "/metrics", "PUT")];
  expect([refused.headers.get("www-authenticate"), written.headers.get("allow")]).toEqual(["Bearer", "GET"]);
});

test("a text that cannot be made is our failure, and told to the log alone", async () => {
  text = () => {
    throw new Error("a secret");
  };
  const answer = await ask("scraper");
  expect([answer.status, failures]).toEqual([503, ["Error: a secret"]]);
  expect(await answer.text()).not.toContain("secret");
});
