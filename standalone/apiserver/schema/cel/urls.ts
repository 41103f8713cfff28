// The URL library of Kubernetes' CEL: https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-url-library
import type { CelLibrary } from "./library.ts";

/** Taken apart by RFC 3986; the URL class of JavaScript would normalise what rules want to look at. */
class CelUrl {
  readonly text: string;
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;

  constructor(text: string, [, scheme, host, path, query]: (string | undefined)[]) {
    this.text = text;
    this.scheme = scheme?.toLowerCase() ?? "";
    this.host = host?.replace(/^[^@]*@/, "") ?? "";
    this.path = path ?? "";
    this.query = query ?? "";
  }
}

const absolute = /^([a-zA-Z][a-zA-Z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/;
const absolutePath = /^()()(\/[^?#]*)(?:\?([^#]*))?$/;

function parseUrl(text: string): CelUrl | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what makes it malformed
  if (/[\x00-\x20\x7F]|%(?![0-9a-fA-F]{2})/.test(text)) return undefined;
  const parts = absolute.exec(text) ?? absolutePath.exec(text);
  return parts && isHost(parts[2] ?? "") ? new CelUrl(text, parts) : undefined;
}

const isHost = (authority: string): boolean => /^([^@]*@)?(\[[0-9a-fA-F:.%]+\]|[^:[\]]*)(:\d*)?$/.test(authority);

function urlOf(text: string): CelUrl {
  const url = parseUrl(text);
  if (!url)
    throw new Error(`URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI`);
  return url;
}

const hostname = ({ host }: CelUrl): string => host.replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1");

const port = ({ host }: CelUrl): string => /:(\d*)$/.exec(host)?.[1] ?? "";

function query(url: CelUrl): Map<string, string[]> {
  const parameters = new URLSearchParams(url.query);
  return new Map([...new Set(parameters.keys())].map((key) => [key, Array.from(parameters.getAll(key))]));
}

export const urls: CelLibrary = {
  types: { "kubernetes.URL": CelUrl },
  operators: { "kubernetes.URL == kubernetes.URL": (a: CelUrl, b: CelUrl) => a.text === b.text },
  functions: {
    "url(string): kubernetes.URL": urlOf,
    "isURL(string): bool": (text: string) => parseUrl(text) !== undefined,
    "kubernetes.URL.getScheme(): string": (url: CelUrl) => url.scheme,
    "kubernetes.URL.getHost(): string": (url: CelUrl) => url.host,
    "kubernetes.URL.getHostname(): string": hostname,
    "kubernetes.URL.getPort(): string": port,
    "kubernetes.URL.getEscapedPath(): string": (url: CelUrl) => url.path,
    "kubernetes.URL.getQuery(): map<string, list<string>>": query,
  },
};
