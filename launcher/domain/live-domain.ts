// What a running domain turned out to be, read from its live XML.
import { nameOfAlias } from "./conversion.ts";
import { agentChannelName } from "./guest-agent.ts";
import { findElement, parseXml, type XmlElement } from "./xml.ts";

export interface LiveDomain {
  domainType: string;
  machine: string;
  interfaces: { name: string; mac: string; tap: string }[];
  disks: { name: string; target: string }[];
  /** The guest has its end of the agent's channel open. */
  agentConnected: boolean;
}

/** Undefined for a domain that is off: only a running one has an id. */
export function liveDomain(xml: string): LiveDomain | undefined {
  const domain = parseXml(xml);
  if (domain.attributes.id === undefined) return undefined;
  const devices = findElement(domain, "devices")?.children ?? [];
  const named = (kind: string): { name: string; device: XmlElement }[] =>
    devices.flatMap((device) => {
      const name = device.name === kind ? nameOfAlias(attribute(device, "alias", "name")) : undefined;
      return name === undefined ? [] : [{ name, device }];
    });
  return {
    domainType: domain.attributes.type ?? "",
    machine: findElement(domain, "os", "type")?.attributes.machine ?? "",
    interfaces: named("interface").map(({ name, device }) => ({
      name,
      mac: attribute(device, "mac", "address"),
      tap: attribute(device, "target", "dev"),
    })),
    disks: named("disk").map(({ name, device }) => ({ name, target: attribute(device, "target", "dev") })),
    agentConnected: devices.some(isConnectedAgent),
  };
}

const isConnectedAgent = ({ name, children }: XmlElement): boolean =>
  name === "channel" &&
  children.some(
    ({ name, attributes }) =>
      name === "target" && attributes.name === agentChannelName && attributes.state === "connected",
  );

const attribute = (device: XmlElement, child: string, name: string): string =>
  findElement(device, child)?.attributes[name] ?? "";
