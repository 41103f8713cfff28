// What functions count is told to monitoring where one process runs them, and to nobody else.
import { pods } from "@knvirt/kubernetes";
import { installNamespace } from "../../support/cluster-names.ts";
import { clusterRelay } from "../../support/cluster-relay.ts";
import { scraperToken } from "../../support/scraper.ts";
import { sharedHost } from "../../support/shared-host.ts";

const { client } = sharedHost();
const relay = clusterRelay(client);

async function scrape(token: string) {
  const labelSelector = "app.kubernetes.io/name=knvirt-controller";
  const { items } = await client.list(pods, { namespace: installNamespace, labelSelector });
  return relay.get({ url: `https://${items[0]?.status?.podIP}:8443/metrics`, token, anyCertificate: true });
}

it("shows its metrics to whoever may read them", async () => {
  const { code, text } = await scrape(await scraperToken(client));
  expect(code).toBe(200);
  expect(text).toMatch(/^# TYPE knvirt_/m);
});

it.each(["", "wrong"])("does not show them for the token %j", async (token) => {
  expect((await scrape(token)).code).toBe(401);
});
