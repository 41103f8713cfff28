// All subresources of upstream, one line each: what is here, and what is said of those that are not yet.

import type { Peer } from "./peer.ts";
import type { Answer, Call, Method, PlainCall, Subresource } from "./subresource.ts";
import { expandSpec } from "./vm/expand-spec.ts";
import { restartVm, startVm, stopVm } from "./vm/run.ts";
import { console, vnc } from "./vmi/console.ts";
import { forwardVm, forwardVmi } from "./vmi/forward.ts";
import { freeze, unfreeze } from "./vmi/freeze.ts";
import { fileSystems, guestInfo, users } from "./vmi/guest-info.ts";
import { pause, unpause } from "./vmi/pause.ts";
import { reset, softReboot } from "./vmi/reset.ts";
import { screenshot } from "./vmi/screenshot.ts";

type Place = Pick<Subresource, "resource" | "method" | "path">;

const at =
  (resource: Subresource["resource"]) =>
  (method: Method, path: string): Place => ({ resource, method, path });
const vm = at("virtualmachines");
const vmi = at("virtualmachineinstances");

const answered = (place: Place, answer: (call: PlainCall) => Promise<Answer>): Subresource => ({ ...place, answer });
const streamed = (place: Place, stream: (call: Call) => Promise<Peer>): Subresource => ({ ...place, stream });
const lacking = (place: Place, lacks: string): Subresource => ({ ...place, lacks });

const hotplug = "volumes cannot be changed yet while the guest runs: change spec.template and restart the VM";
const noMigration = "live migration is not supported yet";
const noSev = "encrypted guests are not supported yet";
const noBackup = "backups are not supported yet";

export const subresources: Subresource[] = [
  answered(vm("PUT", "start"), startVm),
  answered(vm("PUT", "stop"), stopVm),
  answered(vm("PUT", "restart"), restartVm),
  lacking(vm("PUT", "migrate"), noMigration),
  lacking(vm("PUT", "addvolume"), hotplug),
  lacking(vm("PUT", "removevolume"), hotplug),
  lacking(vm("PUT", "memorydump"), "memory dumps are not supported yet"),
  lacking(vm("PUT", "removememorydump"), "memory dumps are not supported yet"),
  lacking(vm("PUT", "evacuate/cancel"), noMigration),
  lacking(vm("GET", "objectgraph"), "its feature gate ObjectGraph does not exist yet"),
  answered(vm("GET", "expand-spec"), expandSpec),
  { ...streamed(vm("GET", "portforward"), forwardVm), takesMore: true },

  answered(vmi("PUT", "pause"), pause),
  answered(vmi("PUT", "unpause"), unpause),
  answered(vmi("PUT", "freeze"), freeze),
  answered(vmi("PUT", "unfreeze"), unfreeze),
  answered(vmi("PUT", "reset"), reset),
  answered(vmi("PUT", "softreboot"), softReboot),
  streamed(vmi("GET", "console"), console),
  streamed(vmi("GET", "vnc"), vnc),
  answered(vmi("GET", "vnc/screenshot"), screenshot),
  { ...streamed(vmi("GET", "portforward"), forwardVmi), takesMore: true },
  answered(vmi("GET", "guestosinfo"), guestInfo),
  answered(vmi("GET", "userlist"), users),
  answered(vmi("GET", "filesystemlist"), fileSystems),
  lacking(vmi("GET", "usbredir"), "USB devices of clients are not supported yet"),
  lacking(vmi("GET", "vsock"), "vsock is not supported yet: reach the guest by portforward"),
  lacking(vmi("PUT", "addvolume"), hotplug),
  lacking(vmi("PUT", "removevolume"), hotplug),
  lacking(vmi("PUT", "evacuate/cancel"), noMigration),
  lacking(vmi("GET", "objectgraph"), "its feature gate ObjectGraph does not exist yet"),
  lacking(vmi("GET", "sev/fetchcertchain"), noSev),
  lacking(vmi("GET", "sev/querylaunchmeasurement"), noSev),
  lacking(vmi("PUT", "sev/setupsession"), noSev),
  lacking(vmi("PUT", "sev/injectlaunchsecret"), noSev),
  lacking(vmi("PUT", "backup"), noBackup),
  lacking(vmi("PUT", "redefine-checkpoint"), noBackup),
];

/** Those that are there, for discovery. */
export const served = subresources.filter((one) => !("lacks" in one));
