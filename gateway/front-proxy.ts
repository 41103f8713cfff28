// Whose word about callers is taken: that of the API server's front proxy, as the cluster describes it. Pure.
import { X509Certificate } from "node:crypto";
import type { ConfigMap } from "@knvirt/kubernetes";
import type { Caller } from "./authorization.ts";
import { GatewayError } from "./errors.ts";

/** Names of the headers that tell of the caller, in lower case; of several the first one present counts. */
export interface IdentityHeaders {
  user: string[];
  group: string[];
  uid: string[];
  extraPrefixes: string[];
}

export const usualHeaders: IdentityHeaders = {
  user: ["x-remote-user"],
  group: ["x-remote-group"],
  uid: ["x-remote-uid"],
  extraPrefixes: ["x-remote-extra-"],
};

export interface FrontProxy {
  /** PEM: one of these has issued its certificate. */
  authorities: string;
  /** Common names it may have; any, when there are none. */
  allowedNames: string[];
  headers: IdentityHeaders;
}

/** Where the API server writes down how its front proxy is known. */
export const frontProxyPlace = { namespace: "kube-system", name: "extension-apiserver-authentication" };

/** Throws when the cluster has no front proxy. */
export function frontProxyOf({ data = {} }: ConfigMap): FrontProxy {
  const authorities = data["requestheader-client-ca-file"];
  if (!authorities?.includes("-----BEGIN CERTIFICATE-----"))
    throw new Error(
      `configmap ${frontProxyPlace.namespace}/${frontProxyPlace.name} has no requestheader-client-ca-file: the API server needs --requestheader-client-ca-file`,
    );
  const list = (name: string): string[] => JSON.parse(data[`requestheader-${name}`] || "[]") as string[];
  const lower = (name: string): string[] => list(name).map((header) => header.toLowerCase());
  return {
    authorities,
    allowedNames: list("allowed-names"),
    headers: {
      user: lower("username-headers"),
      group: lower("group-headers"),
      uid: lower("uid-headers"),
      extraPrefixes: lower("extra-headers-prefix"),
    },
  };
}

/** What the other end of a connection has shown. */
export interface Shown {
  /** TLS found its certificate good when the connection was made. */
  isAuthorized: boolean;
  certificate: X509Certificate | undefined;
  commonName: string | string[] | undefined;
}

/** Returns when the other end is the front proxy; throws 401 otherwise. */
export function requireFrontProxy(proxy: FrontProxy, { isAuthorized, certificate, commonName }: Shown, now: Date) {
  const refuse = (why: string): never => {
    throw new GatewayError(401, `the call does not come through the API server: ${why}`);
  };
  if (!certificate) return refuse("its connection shows no client certificate");
  if (now > certificate.validToDate) return refuse("its client certificate has expired");
  // TLS looked when the connection began, and the authorities may be others since.
  if (!isAuthorized || !leadsTo(authoritiesOf(proxy), certificate))
    return refuse("its client certificate is not one of the front proxy's authorities");
  if (proxy.allowedNames.length > 0 && !(typeof commonName === "string" && proxy.allowedNames.includes(commonName)))
    return refuse(`its client certificate is of ${commonName}, expected ${proxy.allowedNames.join(" or ")}`);
}

const authoritiesOf = ({ authorities }: FrontProxy): X509Certificate[] =>
  certificatesIn(authorities).map((pem) => new X509Certificate(pem));

/** One by one, each with a line end. */
export const certificatesIn = (pem: string): string[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map((one) => `${one}\n`);

/** Directly, or through certificates between that the other end has sent. */
function leadsTo(authorities: X509Certificate[], certificate: X509Certificate): boolean {
  if (authorities.some((authority) => isIssuedBy(certificate, authority))) return true;
  const between = certificate.issuerCertificate;
  const isStep = between?.ca && between.fingerprint256 !== certificate.fingerprint256;
  return isStep === true && isIssuedBy(certificate, between) && leadsTo(authorities, between);
}

const isIssuedBy = (certificate: X509Certificate, authority: X509Certificate): boolean =>
  certificate.checkIssued(authority) && certificate.verify(authority.publicKey);

/** By header name in lower case, each value as it was sent: what node calls `headersDistinct`. */
export type Headers = Readonly<Record<string, string[] | undefined>>;

/** Throws 401 when no user is named. Its sender must be trusted. */
export function callerOf(headers: Headers, names: IdentityHeaders): Caller {
  const first = (of: string[]): string[] => of.map((name) => headers[name]).find((values) => values?.length) ?? [];
  const [user] = first(names.user);
  if (!user) throw new GatewayError(401, "the call names no user: it must come through the API server");
  const [uid] = first(names.uid);
  const extra = extraOf(headers, names.extraPrefixes);
  return {
    user,
    groups: names.group.flatMap((name) => headers[name] ?? []),
    ...(uid && { uid }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

function extraOf(headers: Headers, prefixes: string[]): Record<string, string[]> {
  const extra = new Map<string, string[]>();
  for (const [header, values = []] of Object.entries(headers)) {
    const prefix = prefixes.find((one) => header.startsWith(one));
    if (prefix === undefined) continue;
    const key = unescaped(header.slice(prefix.length));
    extra.set(key, [...(extra.get(key) ?? []), ...values]);
  }
  return Object.fromEntries(extra);
}

/** Keys may hold characters that headers cannot; those are percent-encoded. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
