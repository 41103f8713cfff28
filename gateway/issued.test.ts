// When the gateway's certificates are replaced, and who is trusted then, case by case.
import { X509Certificate } from "node:crypto";
import { certificatesIn } from "./front-proxy.ts";
import { type Issued, issuedIn, renewalAt, renewed, secretData } from "./issued.ts";

const days = 86_400;
const options = {
  names: ["gateway.ns.svc", "gateway.ns.svc.cluster.local"],
  caSeconds: 300 * days,
  certificateSeconds: 30 * days,
};
const start = Date.parse("2026-01-01T00:00:00Z");
const after = (count: number): Date => new Date(start + count * days * 1000);
const renew = (found: Issued | undefined, at: Date, more = {}): Issued | undefined =>
  renewed(found, { ...options, now: at, trustedBefore: "", ...more });

function must(issued: Issued | undefined): Issued {
  if (!issued) throw new Error("nothing was renewed");
  return issued;
}
const first = must(renew(undefined, after(0)));
const asSecret = (data: Record<string, string>) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "s" },
  data,
});

test("what is issued first is whole, and ends when it should", () => {
  const [serving, authority] = [new X509Certificate(first.serving.certificate), new X509Certificate(first.trusted)];
  expect(serving.verify(authority.publicKey)).toBe(true);
  expect([serving.validToDate, authority.validToDate]).toEqual([after(30), after(300)]);
  expect(options.names.map((name) => serving.checkHost(name))).toEqual(options.names);
  expect(renewalAt(first, options)).toBe(after(20).getTime());
});

test("a Secret gives back what was put in", () => expect(issuedIn(asSecret(secretData(first)))).toEqual(first));

const base64 = (text: string): string => Buffer.from(text).toString("base64");
test.each([
  { when: "nothing", data: {} },
  { when: "no PEM", data: { ...secretData(first), "tls.crt": base64("x") } },
  { when: "another key", data: { ...secretData(first), "tls.key": base64(first.authority.key) } },
  {
    when: "another authority",
    data: { ...secretData(must(renew(undefined, after(0)))), ...pick("tls.crt", "tls.key") },
  },
])("a Secret that holds $when counts as none", ({ data }) => expect(issuedIn(asSecret(data))).toBeUndefined());

function pick(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, secretData(first)[name] ?? ""]));
}

test.each([
  { when: "all is in order", at: after(19), certificate: false, authority: false },
  { when: "the certificate is two thirds old", at: after(20), certificate: true, authority: false },
  { when: "the certificate has ended", at: after(31), certificate: true, authority: false },
  { when: "the authority is two thirds old", at: after(200), certificate: true, authority: true },
  {
    when: "the service has another name",
    at: after(1),
    names: ["other.ns.svc"],
    certificate: true,
    authority: false,
  },
])(
  "when $when: certificate renewed $certificate, authority renewed $authority",
  ({ at, certificate, authority, ...more }) => {
    const next = renew(first, at, more);
    expect(next !== undefined).toBe(certificate);
    expect(next !== undefined && next.authority.certificate !== first.authority.certificate).toBe(authority);
  },
);

test("an authority that is replaced stays trusted until nothing that it signed is in use", () => {
  const second = must(renew(first, after(200)));
  expect(certificatesIn(second.trusted)).toEqual(
    certificatesIn(second.authority.certificate + first.authority.certificate),
  );
  const third = must(renew(second, after(220)));
  expect(third.trusted).toBe(second.trusted);
  const fourth = must(renew(third, after(240)));
  expect(fourth.trusted).toBe(second.authority.certificate);
});

test("whom clients trusted before a Secret was deleted, they trust on, unless it has ended", () => {
  const old = must(renew(undefined, after(-299), { caSeconds: 200 * days }));
  const next = must(renew(undefined, after(1), { trustedBefore: first.trusted + old.trusted }));
  expect(certificatesIn(next.trusted)).toEqual(
    certificatesIn(next.authority.certificate + first.authority.certificate),
  );
});

test("many renewals that were forced in a row do not pile up", () => {
  let trusted = "";
  for (let forced = 0; forced < 12; forced += 1)
    trusted = must(renew(undefined, after(1), { trustedBefore: trusted })).trusted;
  expect(certificatesIn(trusted)).toHaveLength(8);
});

test("a certificate never outlives its authority, and is then not due at once", () => {
  const short = { caSeconds: days, certificateSeconds: 30 * days };
  const issued = must(renew(undefined, after(0), short));
  expect(new X509Certificate(issued.serving.certificate).validToDate).toEqual(after(1));
  expect(renew(issued, after(0.5), short)).toBeUndefined();
});
