import { expect, test } from "@jest/globals";
import type { PodSpec } from "@knvirt/kubernetes";
import { resolverFile } from "./resolver.ts";

const machine = "# theirs\nnameserver 192.0.2.1\nsearch example.org\noptions ndots:1 edns0\n";
const own = { nameservers: ["192.0.2.9"], searches: ["example.net"], options: [{ name: "ndots", value: "5" }] };

test.each<{ when: string; spec: Partial<PodSpec>; want: string }>([
  { when: "a pod says nothing", spec: {}, want: machine },
  { when: "it has a policy alone", spec: { dnsPolicy: "ClusterFirst" }, want: machine },
  {
    when: "it adds to the machine's",
    spec: { dnsConfig: own },
    want: "nameserver 192.0.2.1\nnameserver 192.0.2.9\nsearch example.org example.net\noptions ndots:5 edns0\n",
  },
  {
    when: "it gives its own alone",
    spec: { dnsPolicy: "None", dnsConfig: own },
    want: "nameserver 192.0.2.9\nsearch example.net\noptions ndots:5\n",
  },
  {
    when: "it adds more servers than are asked",
    spec: { dnsConfig: { nameservers: ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"] } },
    want: "nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nsearch example.org\noptions ndots:1 edns0\n",
  },
  {
    when: "it gives an option without a value",
    spec: { dnsPolicy: "None", dnsConfig: { nameservers: ["192.0.2.9"], options: [{ name: "rotate" }] } },
    want: "nameserver 192.0.2.9\noptions rotate\n",
  },
])("the resolver when $when", ({ spec, want }) =>
  expect(resolverFile({ containers: [], ...spec }, machine)).toBe(want),
);
