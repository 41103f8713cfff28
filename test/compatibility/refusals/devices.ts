// Refusals of disks, interfaces and networks, alone and in what must hold between them.
import type { SpecRefusal } from "./row.ts";

const withDevices = (devices: object, more: object = {}) => ({ domain: { devices }, ...more });
const masquerade = { name: "default", masquerade: {} };
const podNetwork = { name: "default", pod: {} };
const emptyDisk = (name: string) => ({ name, emptyDisk: { capacity: "1Mi" } });

const networkInterface = (given: object) =>
  withDevices({ interfaces: [{ name: "default", ...given }] }, { networks: [podNetwork] });

export const deviceRefusals: SpecRefusal[] = [
  {
    id: "VI-12",
    when: "a disk without a volume",
    spec: withDevices({ disks: [{ name: "lost" }] }),
    field: "domain.devices.disks",
    message: "volume of disk 'lost' not found: add a volume of that name, or remove the disk",
  },
  {
    id: "VI-17",
    when: "an interface without a network",
    spec: withDevices({ interfaces: [masquerade] }),
    field: "domain.devices.interfaces",
    message: "network of interface 'default' not found: add a network of that name, or remove the interface",
  },
  {
    id: "VI-17",
    when: "a network without an interface",
    spec: { networks: [podNetwork] },
    field: "networks",
    message: "interface of network 'default' not found: add an interface of that name, or remove the network",
  },
  {
    id: "VI-17",
    when: "two pod networks",
    spec: withDevices(
      { interfaces: [masquerade, { name: "second", masquerade: {} }] },
      { networks: [podNetwork, { name: "second", pod: {} }] },
    ),
    field: "networks",
    message: 'more than one pod network: found ["default", "second"], expected one at most',
  },
  {
    id: "VI-17",
    when: "a network without a source",
    spec: withDevices({ interfaces: [masquerade] }, { networks: [{ name: "default" }] }),
    field: "networks[0].pod",
    message: "a network has exactly one source: only pod is supported",
  },
  {
    id: "VI-12",
    when: "two disks with the same place in the boot order",
    spec: withDevices(
      {
        disks: [
          { name: "root", bootOrder: 1 },
          { name: "more", bootOrder: 1 },
        ],
      },
      { volumes: [emptyDisk("root"), emptyDisk("more")] },
    ),
    field: "domain.devices",
    message: "bootOrder is not unique: found 1 more than once, expected another number for each disk and interface",
  },
  {
    id: "VI-12",
    when: "a disk and an interface with the same place in the boot order",
    spec: withDevices(
      { disks: [{ name: "root", bootOrder: 2 }], interfaces: [{ ...masquerade, bootOrder: 2 }] },
      { volumes: [emptyDisk("root")], networks: [podNetwork] },
    ),
    field: "domain.devices",
    message: "bootOrder is not unique: found 2 more than once",
  },
  {
    id: "VI-11",
    when: "two disks of one name",
    spec: withDevices({ disks: [{ name: "root" }, { name: "root" }] }, { volumes: [emptyDisk("root")] }),
    field: "domain.devices.disks[1]",
    message: 'Duplicate value: {"name":"root"}',
  },
  {
    id: "VI-11",
    when: "a disk whose name is no DNS label",
    spec: withDevices({ disks: [{ name: "Root" }] }, { volumes: [emptyDisk("root")] }),
    field: "domain.devices.disks[0].name",
    message: 'Invalid value: "Root"',
  },
  {
    id: "VI-18",
    when: "an interface without a binding",
    spec: networkInterface({}),
    field: "domain.devices.interfaces[0].masquerade",
    message: "an interface needs a binding: only masquerade is supported",
  },
  {
    id: "VI-18",
    when: "the MAC address of the bridge",
    spec: networkInterface({ masquerade: {}, macAddress: "02:00:00:00:00:00" }),
    field: "domain.devices.interfaces[0].macAddress",
    message: "the MAC address 02:00:00:00:00:00 is reserved for the bridge: choose another one",
  },
  {
    id: "VI-18",
    when: "a MAC address that is none",
    spec: networkInterface({ masquerade: {}, macAddress: "02:00" }),
    field: "domain.devices.interfaces[0].macAddress",
    message: 'Invalid value: "02:00"',
  },
  {
    id: "VI-18",
    when: "a model that there is not",
    spec: networkInterface({ masquerade: {}, model: "ne1000" }),
    field: "domain.devices.interfaces[0].model",
    message: 'Unsupported value: "ne1000"',
  },
  {
    id: "VI-18",
    when: "port 0",
    spec: networkInterface({ masquerade: {}, ports: [{ port: 0 }] }),
    field: "domain.devices.interfaces[0].ports[0].port",
    message: "Invalid value: 0",
  },
  {
    id: "VI-18",
    when: "a port beyond the last",
    spec: networkInterface({ masquerade: {}, ports: [{ port: 65536 }] }),
    field: "domain.devices.interfaces[0].ports[0].port",
    message: "Invalid value: 65536",
  },
  {
    id: "VI-18",
    when: "a protocol that there is not",
    spec: networkInterface({ masquerade: {}, ports: [{ port: 53, protocol: "SCTP" }] }),
    field: "domain.devices.interfaces[0].ports[0].protocol",
    message: 'Unsupported value: "SCTP"',
  },
  {
    id: "VI-18",
    when: "two interfaces of one name",
    spec: withDevices({ interfaces: [masquerade, masquerade] }, { networks: [podNetwork] }),
    field: "domain.devices.interfaces[1]",
    message: 'Duplicate value: {"name":"default"}',
  },
  {
    id: "VI-18",
    when: "a private option of DHCP whose number is not private",
    spec: networkInterface({ masquerade: {}, dhcpOptions: { privateOptions: [{ option: 66, value: "x" }] } }),
    field: "domain.devices.interfaces[0].dhcpOptions.privateOptions[0].option",
    message: "Invalid value: 66",
  },
  {
    id: "VI-18",
    when: "a private option of DHCP twice",
    spec: networkInterface({
      masquerade: {},
      dhcpOptions: {
        privateOptions: [
          { option: 240, value: "x" },
          { option: 240, value: "y" },
        ],
      },
    }),
    field: "domain.devices.interfaces[0].dhcpOptions.privateOptions[1]",
    message: 'Duplicate value: {"option":240}',
  },
  {
    id: "VI-18",
    when: "a time server that is no IPv4 address",
    spec: networkInterface({ masquerade: {}, dhcpOptions: { ntpServers: ["10.0.0.256"] } }),
    field: "domain.devices.interfaces[0].dhcpOptions.ntpServers[0]",
    message: 'Invalid value: "10.0.0.256"',
  },
  {
    id: "VI-17",
    when: "a network for the guest that has no room for it",
    spec: withDevices(
      { interfaces: [masquerade] },
      { networks: [{ name: "default", pod: { vmNetworkCIDR: "10.0.0.0/31" } }] },
    ),
    field: "networks[0].pod.vmNetworkCIDR",
    message: 'Invalid value: "10.0.0.0/31"',
  },
];
