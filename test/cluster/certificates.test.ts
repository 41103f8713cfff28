import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CertificatePlan,
  controlPlaneCertificates,
  nodeCertificates,
  writeCertificates,
} from "./certificates.ts";
import { networkOf, nodePlans } from "./network.ts";

const [first] = nodePlans(networkOf("/var/lib/knvirt-cluster"), 1) as [ReturnType<typeof nodePlans>[number]];
const all = [...controlPlaneCertificates(first), ...nodeCertificates(first)];
const planOf = (name: string): CertificatePlan => {
  const plan = all.find((one) => one.name === name);
  if (!plan) throw new Error(`no certificate ${name}`);
  return plan;
};
const [server, client] = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "knvirt-cluster-certificates-"));
  await writeCertificates(folder, all);
});
afterAll(() => rm(folder, { recursive: true }));
const written = (name: string): X509Certificate => new X509Certificate(readFileSync(join(folder, `${name}.crt`)));

it.each([
  {
    when: "an authority signs itself and may sign others",
    given: { name: "front-proxy-ca", issuer: "front-proxy-ca" },
    want: { ca: true, subject: "CN=knvirt-cluster-front-proxy" },
  },
  {
    when: "who may speak for others is signed by an authority of its own",
    given: { name: "front-proxy", issuer: "front-proxy-ca" },
    want: { ca: false, subject: "CN=front-proxy-client", keyUsage: [client] },
  },
  {
    when: "a kubelet is a client and a server, and of the group that node authorization is for",
    given: { name: "kubelet-node-1", issuer: "ca" },
    want: {
      ...{ ca: false, subject: "O=system:nodes\nCN=system:node:node-1", keyUsage: [client, server] },
      subjectAltName: "DNS:node-1, IP Address:172.29.0.11",
    },
  },
])("$when", ({ given, want }) => {
  const found = written(given.name);
  expect(found).toMatchObject(want);
  expect(found.checkIssued(written(given.issuer))).toBe(true);
});

it("makes each once, with a key that only its owner reads", async () => {
  const before = all.map(({ name }) => written(name).fingerprint256);
  await writeCertificates(folder, all);
  expect(all.map(({ name }) => written(name).fingerprint256)).toEqual(before);
  for (const { name } of all) {
    const file = join(folder, `${name}.key`);
    expect(written(name).checkPrivateKey(createPrivateKey(readFileSync(file)))).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  }
});

it("lets pods and the host check the API server by name and address", () => {
  expect(planOf("apiserver").names).toEqual(
    expect.arrayContaining(["kubernetes.default.svc", "10.96.0.1", "172.29.0.11"]),
  );
});

it("has the authority of every certificate before it", () => {
  const names = all.map(({ name }) => name);
  for (const { name, authority } of all)
    if (authority) expect(names.indexOf(authority)).toBeLessThan(names.indexOf(name));
});
