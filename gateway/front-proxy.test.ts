// Who is believed about callers, case by case: the same rules as those of an extension API server of Kubernetes.
import { X509Certificate } from "node:crypto";
import { type CertificateRequest, issueCertificate, type KeyPair } from "@knvirt/certificates";
import type { ConfigMap } from "@knvirt/kubernetes";
import { callerOf, frontProxyOf, requireFrontProxy, type Shown, usualHeaders } from "./front-proxy.ts";

const now = new Date("2026-06-01T12:00:00Z");
const validity = { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2027-01-01T00:00:00Z") };
const issue = (request: Partial<CertificateRequest>): KeyPair =>
  issueCertificate({ commonName: "front-proxy", ...validity, ...request });

const authority = issue({ commonName: "front proxy CA", isAuthority: true });
const namesake = issue({ commonName: "front proxy CA", isAuthority: true });
const between = issue({ commonName: "between", isAuthority: true, issuer: authority });

const configMap = (data: Record<string, string>): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { namespace: "kube-system", name: "extension-apiserver-authentication" },
  data,
});
const proxy = frontProxyOf(
  configMap({
    "requestheader-client-ca-file": authority.certificate,
    "requestheader-allowed-names": '["front-proxy","other-proxy"]',
    "requestheader-username-headers": '["X-Remote-User","X-Also-User"]',
    "requestheader-group-headers": '["X-Remote-Group"]',
    "requestheader-extra-headers-prefix": '["X-Remote-Extra-"]',
  }),
);

function shown({ certificate }: KeyPair, more: Partial<Shown> = {}): Shown {
  const found = new X509Certificate(certificate);
  return { isAuthorized: true, certificate: found, commonName: found.subject.replace("CN=", ""), ...more };
}

describe("the other end of a connection", () => {
  test.each([
    { when: "it is the front proxy", given: shown(issue({ issuer: authority })) },
    { when: "it has another allowed name", given: shown(issue({ issuer: authority, commonName: "other-proxy" })) },
    { when: "any name is allowed", names: [], given: shown(issue({ issuer: authority, commonName: "any" })) },
  ])("is believed when $when", ({ given, names = proxy.allowedNames }) =>
    expect(() => requireFrontProxy({ ...proxy, allowedNames: names }, given, now)).not.toThrow(),
  );

  test.each([
    {
      when: "it shows no certificate",
      // So says TLS of a session that goes on.
      given: { isAuthorized: true, certificate: undefined, commonName: undefined },
      says: "shows no client certificate",
    },
    {
      when: "TLS found it bad",
      given: shown(issue({ issuer: authority }), { isAuthorized: false }),
      says: "not one of",
    },
    { when: "another authority issued it", given: shown(issue({ issuer: namesake })), says: "not one of" },
    { when: "it issued its own", given: shown(issue({})), says: "not one of" },
    { when: "an unknown one between issued it", given: shown(issue({ issuer: between })), says: "not one of" },
    {
      when: "it has the name of a user of the same authority",
      given: shown(issue({ issuer: authority, commonName: "ann" })),
      says: "is of ann, expected front-proxy or other-proxy",
    },
    {
      when: "it has two names",
      given: shown(issue({ issuer: authority }), { commonName: ["ann", "front-proxy"] }),
      says: "is of ann,front-proxy",
    },
    {
      when: "it has expired since",
      given: shown(issue({ issuer: authority, notAfter: new Date("2026-06-01T11:59:59Z") })),
      says: "has expired",
    },
  ])("is refused with 401 when $when", ({ given, says }) =>
    expect(() => requireFrontProxy(proxy, given, now)).toThrow(
      expect.objectContaining({ code: 401, message: expect.stringContaining(says) }),
    ),
  );
});

test("a cluster without a front proxy is told what is missing", () =>
  expect(() => frontProxyOf(configMap({ "client-ca-file": authority.certificate }))).toThrow(
    "configmap kube-system/extension-apiserver-authentication has no requestheader-client-ca-file",
  ));

describe("the caller of headers", () => {
  test.each([
    { when: "a name alone", headers: { "x-remote-user": ["ann"] }, want: { user: "ann", groups: [] } },
    {
      when: "groups, commas and all",
      headers: { "x-remote-user": ["ann"], "x-remote-group": ["ou=a,dc=b", "c"] },
      want: { user: "ann", groups: ["ou=a,dc=b", "c"] },
    },
    {
      when: "uid and extra",
      headers: { "x-remote-user": ["ann"], "x-remote-uid": ["7"], "x-remote-extra-a%2fb": ["1", "2"] },
      want: { user: "ann", groups: [], uid: "7", extra: { "a/b": ["1", "2"] } },
    },
    {
      when: "extra that is badly escaped",
      headers: { "x-remote-user": ["ann"], "x-remote-extra-%zz": ["1"] },
      want: { user: "ann", groups: [], extra: { "%zz": ["1"] } },
    },
  ])("is known with $when", ({ headers, want }) => expect(callerOf(headers, usualHeaders)).toEqual(want));

  it("is named in the headers that the cluster says, and in no others", () => {
    expect(callerOf({ "x-also-user": ["ann"], "x-remote-uid": ["7"] }, proxy.headers)).toEqual({
      user: "ann",
      groups: [],
    });
  });

  test.each([{ headers: {} }, { headers: { "x-remote-user": [""] } }])("is nobody with $headers", ({ headers }) =>
    expect(() => callerOf(headers, usualHeaders)).toThrow(
      expect.objectContaining({ code: 401, message: expect.stringContaining("names no user") }),
    ),
  );
});
