// Our certificates as others read them: node's TLS, and openssl with every check it has.
import { execFileSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CertificateRequest, issueCertificate, type KeyPair } from "./index.ts";

type Usage = NonNullable<CertificateRequest["usages"]>[number];
const [server, client] = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];

const folder = mkdtempSync(join(tmpdir(), "knvirt-certificates-"));
afterAll(() => rmSync(folder, { recursive: true }));

const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
const issue = (request: Partial<CertificateRequest> = {}): KeyPair =>
  issueCertificate({ commonName: "knvirt", ...validity, ...request });
const authority = issue({ commonName: "an authority", isAuthority: true });

function opensslVerifies(trusted: KeyPair, { certificate }: KeyPair): boolean {
  const [ca, leaf] = [join(folder, "ca.pem"), join(folder, "leaf.pem")];
  writeFileSync(ca, trusted.certificate);
  writeFileSync(leaf, certificate);
  try {
    execFileSync("openssl", ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", ca, leaf], {
      stdio: "pipe",
    });
    return true;
  } catch {
    return false;
  }
}

test("an authority may sign, and what it signed is a server of its names and no others", () => {
  const names = ["gateway.ns.svc", "10.1.2.3", "fd00::1:2", "::", "::1", "fe80::1%eth0"];
  const leaf = issue({ issuer: authority, names });
  const [read, signer] = [new X509Certificate(leaf.certificate), new X509Certificate(authority.certificate)];
  expect(opensslVerifies(authority, leaf)).toBe(true);
  expect({ leaf: read.ca, authority: signer.ca, serial: read.serialNumber.length }).toEqual({
    ...{ leaf: false, authority: true },
    serial: 32,
  });
  expect(read.subjectAltName).toBe(
    "DNS:gateway.ns.svc, IP Address:10.1.2.3, IP Address:FD00:0:0:0:0:0:1:2, IP Address:0:0:0:0:0:0:0:0, IP Address:0:0:0:0:0:0:0:1, IP Address:FE80:0:0:0:0:0:0:1",
  );
  expect([read.checkHost("gateway.ns.svc"), read.checkHost("knvirt"), read.checkIP("10.1.2.3")]).toEqual([
    "gateway.ns.svc",
    undefined,
    "10.1.2.3",
  ]);
});

test.each([
  { when: "a namesake of its authority signed it", leaf: issue({ issuer: issue({ commonName: "an authority" }) }) },
  { when: "what is no authority signed it", signer: issue(), leaf: (signer: KeyPair) => issue({ issuer: signer }) },
  { when: "it has expired", leaf: issue({ issuer: authority, notAfter: new Date(Date.now() - 1_000) }) },
  { when: "it is not valid yet", leaf: issue({ issuer: authority, notBefore: new Date(Date.now() + 60_000) }) },
])("a certificate is worth nothing when $when", ({ leaf, signer = authority }) =>
  expect(opensslVerifies(signer, typeof leaf === "function" ? leaf(signer) : leaf)).toBe(false),
);

test("one that signed itself vouches for itself, whatever its name", () => {
  const own = issue({ commonName: "knvirt-executor:nœud, 1" });
  expect(opensslVerifies(own, own)).toBe(true);
  expect(new X509Certificate(own.certificate).checkPrivateKey(createPrivateKey(own.key))).toBe(true);
});

test("a year beyond 2049 is written in four digits", () => {
  const { certificate } = issue({ notAfter: new Date("2126-02-03T04:05:06Z") });
  expect(new X509Certificate(certificate).validToDate).toEqual(new Date("2126-02-03T04:05:06Z"));
});

test.each([
  { when: "nothing is said", given: {}, want: undefined },
  { when: "it has names", given: { names: ["a"] }, want: [server] },
  { when: "it is said", given: { names: ["a"], usages: ["client", "server"] as Usage[] }, want: [client, server] },
])("is good for $want when $when", ({ given, want }) =>
  expect(new X509Certificate(issue(given).certificate).keyUsage).toEqual(want),
);

test("Kubernetes takes its organization for a group", () => {
  const { certificate } = issue({ organization: "system:nodes", commonName: "system:node:one" });
  expect(new X509Certificate(certificate).subject).toBe("O=system:nodes\nCN=system:node:one");
});

/** It calls its key by another hash than we do. */
function madeByOpenssl(subject: string): KeyPair {
  const [key, certificate] = [join(folder, "theirs.key"), join(folder, "theirs.pem")];
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key];
  const uses = ["-addext", "keyUsage=critical,keyCertSign", "-subj", subject];
  execFileSync("openssl", ["req", "-x509", ...newKey, "-out", certificate, ...uses], { stdio: "pipe" });
  return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
}

test.each([
  {
    when: "of more than a common name",
    authority: issue({ isAuthority: true, organization: "o", commonName: "a+b" }),
  },
  { when: "that openssl made", authority: madeByOpenssl("/C=DE/O=knvirt/CN=theirs") },
])("an authority $when can sign", ({ authority: other }) =>
  expect(opensslVerifies(other, issue({ issuer: other, names: ["a"] }))).toBe(true),
);
