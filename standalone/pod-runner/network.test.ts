import { expect, test } from "@jest/globals";
import type { Pod } from "@knvirt/kubernetes";
import { bridgeConfig } from "./cni.ts";
import { instanceAt } from "./instance.ts";
import { masqueradeTable } from "./network.ts";
import { hostsFile, podHostname } from "./pod-files.ts";

const instance = instanceAt("/var/lib/knvirt");
const network = { subnet: "10.157.41.0/24" };

test("two data directories have nothing in common", () => {
  const other = instanceAt("/var/lib/other");
  for (const name of ["name", "bridge", "runDir", "podsDir"] as const) expect(other[name]).not.toBe(instance[name]);
  expect(instanceAt("/var/lib/../lib/knvirt/")).toEqual(instance);
  expect(instance.bridge.length).toBeLessThanOrEqual(15);
});

test("what leaves the pod network gets the machine's address", () => {
  expect(masqueradeTable(instance, network)).toContain(
    `ip saddr 10.157.41.0/24 oifname != "${instance.bridge}" masquerade`,
  );
});

test("the bridge plugin writes no rules of its own", () => {
  expect(bridgeConfig(instance, network)).toMatchObject({
    bridge: instance.bridge,
    ipMasq: false,
    ipam: { ranges: [[network]], dataDir: "/var/lib/knvirt/network/leases" },
  });
});

test.each([
  { when: "the pod's name", name: "web", hostname: undefined, want: "web" },
  { when: "its own", name: "web", hostname: "db", want: "db" },
  { when: "no longer than Linux allows", name: `${"a".repeat(62)}-b`, hostname: undefined, want: "a".repeat(62) },
])("host name: $when", ({ name, hostname, want }) => {
  const pod = { metadata: { name }, spec: { containers: [], ...(hostname && { hostname }) } } as unknown as Pod;
  expect(podHostname(pod)).toBe(want);
});

test("a pod finds itself by name", () => {
  expect(hostsFile("web", "10.0.0.2")).toContain("\n10.0.0.2\tweb\n");
});
