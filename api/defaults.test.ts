// What a VM's template means where it says nothing.
import { disksOf, interfacesOf } from "./defaults.ts";
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
