import { expect, it, test } from "@jest/globals";
import { nameServersOf, parseResolvConf, searchDomainsOf } from "./name-servers.ts";
import { aVmi } from "./testing/objects.ts";

test.each([
  { when: "empty", text: "", want: { servers: [], searchDomains: [] } },
  {
    when: "of a pod",
    text: "search web.svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n",
    want: { servers: ["10.96.0.10"], searchDomains: ["web.svc.cluster.local", "cluster.local"] },
  },
  {
    when: "with servers that a guest cannot reach",
    text: "nameserver 127.0.0.53\nnameserver ::1\nnameserver fe80::1%eth0\n nameserver\t192.0.2.1 \n",
    want: { servers: ["192.0.2.1"], searchDomains: [] },
  },
  {
    when: "with several search lines, of which the last counts",
    text: "search a.example\ndomain b.example\n",
    want: { servers: [], searchDomains: ["b.example"] },
  },
  { when: "that searches the root", text: "search .\n", want: { servers: [], searchDomains: [] } },
])("reads a resolv.conf $when", ({ text, want }) => expect(parseResolvConf(text)).toEqual(want));

it("reads what a process sees", () => expect(nameServersOf(process.pid)).toHaveProperty("servers"));

const ofServices = "default.svc.cluster.local";

test.each([
  { when: "no subdomain", subdomain: undefined, searchDomains: [ofServices], want: [ofServices] },
  {
    when: "a subdomain",
    subdomain: "shop",
    searchDomains: ["example.org", ofServices],
    want: [`shop.${ofServices}`, "example.org", ofServices],
  },
  { when: "a subdomain, and no Services", subdomain: "shop", searchDomains: ["example.org"], want: ["example.org"] },
])("a guest with $when searches $want", ({ subdomain, searchDomains, want }) => {
  const { spec } = aVmi();
  const vmi = aVmi({ spec: { ...spec, ...(subdomain && { subdomain }) } });
  expect(searchDomainsOf(vmi, { servers: [], searchDomains })).toEqual(want);
});
