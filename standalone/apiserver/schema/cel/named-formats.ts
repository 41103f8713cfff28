// The format library of Kubernetes' CEL: https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-format-library
import { Optional } from "@marcbachmann/cel-js";
import { isOfFormat } from "../validation/formats.ts";
import type { CelLibrary } from "./library.ts";

class Formats {}

class Format {
  readonly complaint: string;
  readonly accepts: (text: string) => boolean;

  constructor(complaint: string, accepts: (text: string) => boolean) {
    this.complaint = complaint;
    this.accepts = accepts;
  }
}

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const qualified = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

function pattern(source: string, maxLength: number): Format {
  const complaint = `must be no more than ${maxLength} bytes and match the regex '^${source}$'`;
  return new Format(complaint, (text) => text.length <= maxLength && new RegExp(`^${source}$`).test(text));
}

const standard = (name: string): Format => new Format(`invalid ${name}`, (text) => isOfFormat(name, text));

/** A prefix is completed by the server, so it may end in a dash. */
const prefix = ({ complaint, accepts }: Format): Format =>
  new Format(complaint, (text) => accepts(text.replace(/-$/, "a")));

const dns1123Label = pattern(label, 63);
const dns1123Subdomain = pattern(`${label}(\\.${label})*`, 253);
const dns1035Label = pattern("[a-z]([-a-z0-9]*[a-z0-9])?", 63);

const formats: Record<string, Format> = {
  dns1123Label,
  dns1123Subdomain,
  dns1035Label,
  dns1123LabelPrefix: prefix(dns1123Label),
  dns1123SubdomainPrefix: prefix(dns1123Subdomain),
  dns1035LabelPrefix: prefix(dns1035Label),
  qualifiedName: new Format("must be a qualified name", isQualifiedName),
  labelValue: pattern(`(${qualified})?`, 63),
  uri: standard("uri"),
  uuid: standard("uuid"),
  byte: standard("byte"),
  date: standard("date"),
  datetime: standard("datetime"),
};

function isQualifiedName(text: string): boolean {
  const [name = "", domain] = text.split("/").reverse();
  const hasDomain = domain === undefined || dns1123Subdomain.accepts(domain);
  return text.split("/").length <= 2 && hasDomain && pattern(qualified, 63).accepts(name);
}

function validate({ accepts, complaint }: Format, text: string): Optional<unknown> {
  return accepts(text) ? Optional.none() : Optional.of([complaint]);
}

const byName = Object.fromEntries(
  Object.entries(formats).map(([name, format]) => [`kubernetes.Formats.${name}(): kubernetes.Format`, () => format]),
);

export const namedFormats: CelLibrary = {
  types: { "kubernetes.Formats": Formats, "kubernetes.Format": Format },
  constants: { format: { type: "kubernetes.Formats", value: new Formats() } },
  functions: {
    ...byName,
    "kubernetes.Formats.named(string): optional<kubernetes.Format>": (_formats: Formats, name: string) =>
      Object.hasOwn(formats, name) ? Optional.of(formats[name]) : Optional.none(),
    "kubernetes.Format.validate(string): optional<list<string>>": validate,
  },
};
