// What a VM's template means where it says nothing.
import { disksOf, interfacesOf, queuesOf } from "./defaults.ts";
import type { VmiSpec } from "./vmi.ts";

const volumes: VmiSpec["volumes"] = [
  { name: "root", containerDisk: { image: "disk:1" } },
  { name: "more", emptyDisk: { capacity: "1Gi" } },
];
const domain = (devices: VmiSpec["domain"]["devices"]): VmiSpec["domain"] => ({ ...(devices && { devices }) });

test.each([
  { when: "no disk is given", disks: undefined, want: ["root", "more"] },
  { when: "one is given", disks: [{ name: "more", cdrom: {} }], want: ["more", "root"] },
])("every volume has a disk when $when", ({ disks, want }) =>
  expect(disksOf({ domain: domain(disks && { disks }), volumes }).map(({ name }) => name)).toEqual(want),
);

const pod = [{ name: "default", masquerade: {} }];

test.each([
  { when: "nothing is said", devices: undefined, want: pod },
  { when: "it is switched off", devices: { autoattachPodInterface: false }, want: [] },
  { when: "it is switched on", devices: { autoattachPodInterface: true }, want: pod },
])("the guest's interfaces are $want when $when", ({ devices, want }) =>
  expect(interfacesOf({ domain: domain(devices) })).toMatchObject(want),
);

test.each([
  { when: "nothing is said", cores: 4, devices: {}, model: "virtio", want: 1 },
  { when: "it is switched off", cores: 4, devices: { networkInterfaceMultiqueue: false }, model: "virtio", want: 1 },
  { when: "there is one CPU", cores: 1, devices: { networkInterfaceMultiqueue: true }, model: "virtio", want: 1 },
  { when: "there are four CPUs", cores: 4, devices: { networkInterfaceMultiqueue: true }, model: "virtio", want: 4 },
  { when: "no model is given", cores: 4, devices: { networkInterfaceMultiqueue: true }, model: undefined, want: 4 },
  { when: "the card has one only", cores: 4, devices: { networkInterfaceMultiqueue: true }, model: "e1000", want: 1 },
  {
    when: "a tap has no more",
    cores: 300,
    devices: { networkInterfaceMultiqueue: true },
    model: "virtio",
    want: 256,
  },
] as const)("an interface has queues: $want when $when", ({ cores, devices, model, want }) =>
  expect(queuesOf({ domain: { cpu: { cores }, devices } }, { name: "default", ...(model && { model }) })).toBe(want),
);
