import { expect, test } from "@jest/globals";
import { liveDomain } from "./live-domain.ts";

const xml = (attributes: string): string => `<domain ${attributes}>
  <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>
  <devices>
    <disk type='file'><target dev='vda' bus='virtio'/><alias name='ua-root'/></disk>
    <disk type='file'><target dev='sdx' bus='sata'/><alias name='sata0-0-0'/></disk>
    <interface type='ethernet'><mac address='02:00:00:00:00:01'/><target dev='tap0'/><alias name='ua-default'/></interface>
  </devices>
</domain>`;

test("a running domain, with the names of its spec", () =>
  expect(liveDomain(xml("type='kvm' id='1'"))).toEqual({
    domainType: "kvm",
    machine: "pc-q35-7.2",
    disks: [{ name: "root", target: "vda" }],
    interfaces: [{ name: "default", mac: "02:00:00:00:00:01", tap: "tap0" }],
  }));

test("a domain that is off is not live", () => expect(liveDomain(xml("type='kvm'"))).toBeUndefined());
