import type { VmiSpec } from "@knvirt/api";
import { parseQuantity } from "@knvirt/kubernetes";
import { aVmi } from "../testing/builders.ts";
import { memoryOverheadOf } from "./overhead.ts";
import { launcherResources } from "./resources.ts";

const mebi = 1024 ** 2;
const vmiOf = (domain: VmiSpec["domain"]) => aVmi({ spec: { domain } });
const plain = { memory: { guest: "64Mi" } };
const overhead = memoryOverheadOf(vmiOf(plain), undefined);

test.each([
  { when: "guest memory is pages, and the overhead is not", memory: { guest: "64Mi" }, pages: 64, ordinary: 0 },
  { when: "of one page alone", memory: {}, pages: 2, ordinary: 0 },
  {
    when: "a request beyond the guest's is ordinary memory",
    memory: { guest: "64Mi" },
    request: 70,
    pages: 64,
    ordinary: 6,
  },
])("huge pages: $when", ({ memory, request, pages, ordinary }) => {
  const resources = request
    ? { requests: { memory: `${request}Mi` }, limits: { memory: `${request}Mi` } }
    : undefined;
  const vmi = vmiOf({ memory: { ...memory, hugepages: { pageSize: "2Mi" } }, ...(resources && { resources }) });
  const found = launcherResources({ vmi, kubevirt: undefined });
  const asked = { "hugepages-2Mi": `${pages * mebi}` };
  expect(found).toMatchObject({ requests: asked, limits: asked });
  const expected = ordinary * mebi + memoryOverheadOf(vmi, undefined);
  expect(parseQuantity(found.requests.memory ?? "")).toBe(expected);
  if (request) expect(parseQuantity(found.limits.memory ?? "")).toBe(expected);
});

test("pages of another size are another resource", () => {
  const vmi = vmiOf({ memory: { guest: "1Gi", hugepages: { pageSize: "1Gi" } } });
  expect(launcherResources({ vmi, kubevirt: undefined }).limits).toMatchObject({ "hugepages-1Gi": `${1024 * mebi}` });
});

test.each([
  { what: "a TPM", domain: { ...plain, devices: { tpm: {} } }, more: 53 * mebi },
  { what: "a TPM that is off", domain: { ...plain, devices: { tpm: { enabled: false } } }, more: 0 },
  {
    what: "what the user reserves",
    domain: { memory: { guest: "64Mi", reservedOverhead: { addedOverhead: "10Mi" } } },
    more: 10 * mebi,
  },
])("overhead: $what takes $more bytes more", ({ domain, more }) =>
  expect(memoryOverheadOf(vmiOf(domain), undefined) - overhead).toBe(more),
);
