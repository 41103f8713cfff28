import { expect, test } from "@jest/globals";
import type { GuestInterface } from "@knvirt/proto";
import { aDomain, aPod, aVmi } from "../testing/objects.ts";
import { interfaceStatuses } from "./interfaces.ts";

const ours = {
  name: "default",
  ipAddress: "10.88.0.5",
  ipAddresses: ["10.88.0.5"],
  mac: "06:00:00:00:00:01",
  podInterfaceName: "eth0",
  infoSource: "domain",
  linkState: "up",
  queueCount: 1,
};
const eth0: GuestInterface = { name: "enp1s0", mac: "06:00:00:00:00:01", addresses: ["10.0.2.2", "fe80::1"] };
const docker0: GuestInterface = { name: "docker0", mac: "02:42:00:00:00:01", addresses: ["fd00::1", "172.17.0.1"] };
const docker0Status = {
  interfaceName: "docker0",
  ipAddress: "172.17.0.1",
  ipAddresses: ["fd00::1", "172.17.0.1"],
  mac: "02:42:00:00:00:01",
  infoSource: "guest-agent",
  queueCount: 1,
};
const named = { ...ours, interfaceName: "enp1s0", infoSource: "domain, guest-agent" };

test.each<{ when: string; given: GuestInterface[]; want: object[] }>([
  { when: "no agent tells: as the domain has it", given: [], want: [ours] },
  { when: "the agent knows its name: the address stays the pod's", given: [eth0], want: [named] },
  {
    when: "the agent spells the MAC in capitals",
    given: [{ ...eth0, mac: "06:00:00:00:00:01".toUpperCase() }],
    want: [named],
  },
  { when: "the guest has one of its own: it comes last", given: [docker0, eth0], want: [named, docker0Status] },
  {
    when: "the guest has more than anybody wants to know",
    given: Array.from({ length: 50 }, () => docker0),
    want: [ours, ...Array.from({ length: 10 }, () => docker0Status)],
  },
  {
    when: "what is told is no interface",
    given: [
      { ...docker0, mac: "not a MAC" },
      { ...docker0, name: "" },
      { ...docker0, name: "x".repeat(65) },
    ],
    want: [ours],
  },
  {
    when: "what is told is no address",
    given: [{ name: "x", mac: "", addresses: ["10.0.0.1; rm -rf /", "999.1.1.1"] }],
    want: [ours, { interfaceName: "x", infoSource: "guest-agent", queueCount: 1 }],
  },
])("$when", ({ given, want }) =>
  expect(interfaceStatuses({ vmi: aVmi(), pod: aPod() }, aDomain({ guestInterfaces: given }))).toEqual(want),
);

test("as many queues are told as the domain has", () => {
  const vmi = aVmi();
  const devices = { ...vmi.spec.domain.devices, networkInterfaceMultiqueue: true };
  const queued = { ...vmi, spec: { ...vmi.spec, domain: { ...vmi.spec.domain, devices } } };
  expect(interfaceStatuses({ vmi: queued, pod: aPod() }, aDomain())).toEqual([{ ...ours, queueCount: 2 }]);
});
