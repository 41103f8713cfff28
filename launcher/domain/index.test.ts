// The whole domain against what is kept in testdata (npm run generate), and against a real libvirt.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { defineDomain, undefineDomain } from "@knvirt/libvirt";
import { domainCases } from "../testing/domain-cases.ts";
import { startLibvirtd, type TestLibvirtd } from "../testing/libvirtd.ts";
import { aConversion } from "../testing/vmi.ts";
import { domainXml } from "./index.ts";

const cases = Object.entries(domainCases).map(([name, conversion]) => ({ name, xml: domainXml(conversion) }));

let libvirtd: TestLibvirtd;
beforeAll(async () => {
  libvirtd = await startLibvirtd();
});
afterAll(() => libvirtd.close());

test.each(cases)("$name is as it was", async ({ name, xml }) =>
  expect(xml).toBe(await readFile(join(import.meta.dirname, "testdata", `${name}.xml`), "utf8")),
);

test("nothing else is kept", async () =>
  expect((await readdir(join(import.meta.dirname, "testdata"))).toSorted()).toEqual(
    cases.map(({ name }) => `${name}.xml`).toSorted(),
  ));

/** Not every machine that tests has KVM: there the emulated twin of the machine stands for it. */
test.each(Object.entries(domainCases))("%s is accepted by libvirt", async (_name, conversion) => {
  const xml = domainXml({ ...conversion, domainType: "qemu" });
  const domain = await defineDomain(libvirtd.connection, xml, { validate: true });
  await undefineDomain(libvirtd.connection, domain);
});

/** The twin goes without them, but it may be told of them. */
const enlightened = cases.filter(({ xml }) => xml.includes("<hyperv"));
test.each(enlightened)("$name with Hyper-V's enlightenments is accepted by libvirt", async ({ xml }) => {
  const twin = xml.replace('<domain type="kvm">', '<domain type="qemu">');
  const domain = await defineDomain(libvirtd.connection, twin, { validate: true });
  await undefineDomain(libvirtd.connection, domain);
});

const memory = { guest: "64Mi" };
test.each([
  {
    when: "no memory",
    spec: { domain: { memory: {} } },
    want: "default/web has no memory: found nothing, set spec.domain.memory.guest",
  },
  {
    when: "a disk without a volume",
    spec: { domain: { memory, devices: { disks: [{ name: "a" }] } } },
    given: { images: {} },
    want: "default/web: disk a has no volume of its name",
  },
  {
    when: "an interface that is not there",
    spec: {},
    given: { interfaces: [] },
    want: "default/web: interface default was not prepared on the node",
  },
  {
    when: "cache none where that cannot be",
    spec: { domain: { memory, devices: { disks: [{ name: "a", cache: "none" as const }] } } },
    given: { images: { a: { path: "/disks/a.iso", format: "raw" as const, directIo: false } } },
    want: /^disk a of default\/web asks for cache none, but the file system of \/disks\/a.iso has no direct I\/O/,
  },
  {
    when: "native I/O where that cannot be",
    spec: { domain: { memory, devices: { disks: [{ name: "a", io: "native" as const }] } } },
    given: { images: { a: { path: "/disks/a.iso", format: "raw" as const, directIo: false } } },
    want: "disk a of default/web asks for io native, but the file system of /disks/a.iso has no direct I/O: use io threads",
  },
  {
    when: "a shareable disk that is cached",
    spec: { domain: { memory, devices: { disks: [{ name: "a", shareable: true }] } } },
    given: { images: { a: { path: "/disks/a.img", format: "raw" as const, directIo: false } } },
    want: "disk a of default/web is shareable, but the file system of /disks/a.img has no direct I/O",
  },
  {
    when: "a shareable disk of its own image",
    spec: { domain: { memory, devices: { disks: [{ name: "a", shareable: true }] } } },
    want: "disk a of default/web is shareable, but its image is one of its own",
  },
  {
    when: "memory that huge pages do not make up",
    spec: { domain: { memory: { guest: "63Mi", hugepages: {} } } },
    want: "default/web has memory that is no multiple of its pages: found 66060288 bytes in pages of 2097152",
  },
  {
    when: "more memory than there is room for",
    spec: { domain: { memory: { guest: "2Gi", maxGuest: "1Gi" } } },
    want: "default/web has more memory than it has room for: memory.maxGuest is 1Gi, guest 2147483648",
  },
  {
    when: "a character that XML has not",
    spec: { domain: { memory, firmware: { serial: "\u0001" } } },
    want: "default/web has a control character in a text of its spec",
  },
])("refused: $when", ({ spec, given, want }) => expect(() => domainXml(aConversion(spec, given))).toThrow(want));
