import type { VmiSpec } from "@knvirt/api";
import { aVmi, emulated } from "../testing/builders.ts";
import { launcherResources } from "./resources.ts";

const mebi = 1024 ** 2;
const guest = { guest: "64Mi" };
const specOf = (domain: VmiSpec["domain"]): VmiSpec => ({ domain });

test.each([
  {
    when: "three CPUs ask for three tenths",
    resources: undefined,
    cpu: { cores: 3 },
    requests: { cpu: "75m" },
    limits: {},
  },
  {
    when: "the user's requests win",
    resources: { requests: { cpu: "2", memory: "128Mi" } },
    requests: { cpu: "2", memory: `${128 * mebi + (46 + 27 + 50 + 2 * 8 + 8 + 32) * mebi + 128 * 2048}` },
    limits: {},
  },
  {
    when: "an overcommitted overhead is in the limit only",
    resources: { overcommitGuestOverhead: true, requests: { memory: "64Mi" }, limits: { memory: "64Mi" } },
    requests: { memory: "64Mi" },
    limits: { memory: `${64 * 1024 + 171 * 1024 + 128}Ki` },
  },
  {
    when: "guest memory is requested whole without its overhead",
    resources: { overcommitGuestOverhead: true },
    requests: { memory: "64Mi" },
    limits: {},
  },
  {
    when: "ephemeral storage has room for what the launcher writes",
    resources: { requests: { "ephemeral-storage": "1Gi" }, limits: { "ephemeral-storage": "2G" } },
    requests: { "ephemeral-storage": `${1024 ** 3 + 50e6}` },
    limits: { "ephemeral-storage": "2050000000" },
  },
  {
    when: "what else a node offers is asked for as it is",
    resources: { requests: { "example.com/card": 1 }, limits: { "example.com/card": "1" } },
    requests: { "example.com/card": "1" },
    limits: { "example.com/card": "1" },
  },
  {
    when: "limits stand in for requests",
    resources: { limits: { cpu: 1, memory: "100Mi" } },
    requests: { cpu: "1", memory: "271Mi" },
    limits: { cpu: "1", memory: "271Mi" },
  },
])("resources: $when", ({ resources, cpu, requests, limits }) => {
  const spec = specOf({ memory: guest, ...(cpu && { cpu }), ...(resources && { resources }) });
  const found = launcherResources({ vmi: aVmi({ spec }), kubevirt: undefined });
  const bytes = (text: string | undefined) => (text?.endsWith("Ki") ? `${Number.parseInt(text, 10) * 1024}` : text);
  expect({ ...found.requests, memory: bytes(found.requests.memory) }).toMatchObject(requests);
  expect(found.limits).toEqual({ ...limits, "devices.kubevirt.io/kvm": "1", "devices.kubevirt.io/tun": "1" });
});

test("emulation needs no KVM, a guest without network no tap", () => {
  const spec = specOf({ memory: guest, devices: { autoattachPodInterface: false } });
  expect(launcherResources({ vmi: aVmi({ spec }), kubevirt: emulated }).limits).toEqual({});
});
