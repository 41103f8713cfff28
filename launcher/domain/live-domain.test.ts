import { expect, test } from "@jest/globals";
import { liveDomain } from "./live-domain.ts";

const xml = (attributes: string, agent = "disconnected"): string => `<domain ${attributes}>
  <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>
  <devices>
    <disk type='file'><target dev='vda' bus='virtio'/><alias name='ua-root'/></disk>
    <disk type='file'><target dev='sdx' bus='sata'/><alias name='sata0-0-0'/></disk>
    <interface type='ethernet'><mac address='02:00:00:00:00:01'/><target dev='tap0'/><alias name='ua-default'/></interface>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0' state='${agent}'/></channel>
  </devices>
</domain>`;

test("a running domain, with the names of its spec", () =>
  expect(liveDomain(xml("type='kvm' id='1'"))).toEqual({
    domainType: "kvm",
    machine: "pc-q35-7.2",
    disks: [{ name: "root", target: "vda" }],
    interfaces: [{ name: "default", mac: "02:00:00:00:00:01", tap: "tap0" }],
    agentConnected: false,
  }));

test("a guest whose agent has opened its end of the channel", () =>
  expect(liveDomain(xml("type='kvm' id='1'", "connected"))).toMatchObject({ agentConnected: true }));

test("a domain that is off is not live", () => expect(liveDomain(xml("type='kvm'"))).toBeUndefined());
