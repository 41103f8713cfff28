// The string formats a structural schema may ask for. A format not listed here is documentation only.
import { isIP, isIPv4, isIPv6 } from "node:net";

const matches =
  (expression: RegExp) =>
  (value: string): boolean =>
    expression.test(value);

const uuid = (version: string, variant: string): RegExp =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, "i");

const shortName = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

/** Keyed by name without dashes: Kubernetes reads date-time and datetime as the same format. */
const formats: Record<string, (value: string) => boolean> = {
  byte: isBase64,
  cidr: isCidr,
  date: isDate,
  datetime: isDateTime,
  duration: matches(/^[-+]?(0|([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+$|^[0-9]+ ?(ns|us|ms|s|m|h|d|w)$/),
  email: matches(/^[^\s@<>]+@[^\s@<>]+$/),
  hexcolor: matches(/^#?([0-9a-f]{3}|[0-9a-f]{6})$/i),
  hostname: isHostname,
  ipv4: isIPv4,
  ipv6: isIPv6,
  k8slongname: (value) => value.length <= 253 && new RegExp(`^${shortName}(\\.${shortName})*$`).test(value),
  k8sshortname: (value) => value.length <= 63 && new RegExp(`^${shortName}$`).test(value),
  mac: matches(/^([0-9a-f]{2}([:-])([0-9a-f]{2}\2){4}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4})$/i),
  uri: (value) => URL.canParse(value) || (value.startsWith("/") && URL.canParse(value, "http://host")),
  uuid: matches(uuid("[0-9a-f]", "[0-9a-f]")),
  uuid3: matches(uuid("3", "[0-9a-f]")),
  uuid4: matches(uuid("4", "[89ab]")),
  uuid5: matches(uuid("5", "[89ab]")),
};

export function isOfFormat(format: string, value: string): boolean {
  const name = format.replaceAll("-", "");
  const check = Object.hasOwn(formats, name) ? formats[name] : undefined;
  return !check || check(value);
}

function isBase64(value: string): boolean {
  return value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
}

function isCidr(value: string): boolean {
  const [address = "", bits = "", ...rest] = value.split("/");
  const width = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= width;
}

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

const clock = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(z|[+-]\d{2}:\d{2})$/i;

function isDateTime(value: string): boolean {
  return isDate(value.slice(0, 10)) && /^t$/i.test(value.charAt(10)) && clock.test(value.slice(11));
}

function isHostname(value: string): boolean {
  const label = /^[a-z0-9\p{S}\p{L}]([-a-z0-9\p{S}\p{L}]{0,61}[a-z0-9\p{S}\p{L}])?$/iu;
  return value.length <= 255 && value.replace(/\.$/, "").split(".").every(matches(label));
}
