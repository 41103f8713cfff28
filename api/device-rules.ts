// What must hold between the devices of a VMI, and between them and its volumes and networks.
import { found, type Rule } from "./schema.ts";

const disks = "self.domain.devices.disks";
const interfaces = "self.domain.devices.interfaces";
const hasDisks = `has(self.domain.devices) && has(${disks})`;
const hasInterfaces = `has(self.domain.devices) && has(${interfaces})`;

/** Items of one list that have no namesake in another, which may be absent. */
const lone = (item: string, list: string, other: string) =>
  `${list}.filter(${item}, !has(${other}) || !${other}.exists(other, other.name == ${item}.name))`;

const loneDisks = lone("d", disks, "self.volumes");
const loneInterfaces = lone("i", interfaces, "self.networks");
const loneNetworks = `self.networks.filter(n, !(${hasInterfaces}) || !${interfaces}.exists(i, i.name == n.name))`;
const podNetworks = "self.networks.filter(n, has(n.pod))";

/** Places in the boot order that a list of devices takes. */
const places = (has: string, list: string) =>
  `(${has} ? ${list}.filter(d, has(d.bootOrder)).map(d, d.bootOrder) : [])`;
const bootOrder = `(${places(hasDisks, disks)} + ${places(hasInterfaces, interfaces)})`;
/** Put together once, by way of a list of one: for each place anew it would cost an API server a second. */
const takenTwice = `[${bootOrder}].map(all, all.filter(place, all.indexOf(place) != all.lastIndexOf(place)))[0]`;

export const deviceRules: Rule[] = [
  {
    rule: `!(${hasDisks}) || ${loneDisks}.size() == 0`,
    ...found("volume of disk '%s' not found: add a volume of that name, or remove the disk", `${loneDisks}[0].name`),
    fieldPath: ".domain.devices.disks",
  },
  {
    rule: `!(${hasInterfaces}) || ${loneInterfaces}.size() == 0`,
    ...found(
      "network of interface '%s' not found: add a network of that name, or remove the interface",
      `${loneInterfaces}[0].name`,
    ),
    fieldPath: ".domain.devices.interfaces",
  },
  {
    rule: `!has(self.networks) || ${loneNetworks}.size() == 0`,
    ...found(
      "interface of network '%s' not found: add an interface of that name, or remove the network",
      `${loneNetworks}[0].name`,
    ),
    fieldPath: ".networks",
  },
  {
    rule: `!has(self.networks) || ${podNetworks}.size() <= 1`,
    ...found("more than one pod network: found %s, expected one at most", `${podNetworks}.map(n, n.name)`),
    fieldPath: ".networks",
  },
  {
    rule: `${takenTwice}.size() == 0`,
    ...found(
      "bootOrder is not unique: found %s more than once, expected another number for each disk and interface",
      `string(${takenTwice}[0])`,
    ),
    fieldPath: ".domain.devices",
  },
];
