// Who may stop a VM need not have a say in an instance of its name that somebody else made: start, stop and restart
// change and name none but the VM's own.
import type { VirtualMachine, VirtualMachineInstance } from "@knvirt/api";
import { keyText } from "@knvirt/kubernetes";
import { type Invariant, ofInstances } from "./invariant.ts";
import { controllerOf } from "./register.ts";

const gateway = "knvirt-gateway";

export const verbsKeepToTheirVm: Invariant = ({ broken }) => {
  const foreign = new Set<string | undefined>();
  const noteForeign = ofInstances(({ is }) => {
    if (isForeign(is)) foreign.add(is.metadata.uid);
    else foreign.delete(is.metadata.uid); // its owner was taken away: the VM of its name adopts it
  });
  return {
    write: (write, atMs) => {
      noteForeign(write, atMs);
      const { kind, key, user, after } = write;
      if (user !== gateway || !after) return;
      const object = `${kind} ${keyText(key)}`;
      if (foreign.has(after.metadata.uid)) broken(object, "is changed by a call for a VM that it does not belong to");
      const { stateChangeRequests = [] } = (after as VirtualMachine).status ?? {};
      const named = stateChangeRequests.find(({ uid }) => foreign.has(uid));
      if (named) broken(object, `is told to ${named.action} instance ${named.uid}, which is somebody else's`);
    },
  };
};

/** A VM that was deleted and made again has another uid. */
function isForeign(vmi: VirtualMachineInstance): boolean {
  const controller = controllerOf(vmi);
  return controller !== undefined && (controller.kind !== "VirtualMachine" || controller.name !== vmi.metadata.name);
}
