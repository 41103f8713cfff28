// Each write of ours changes something. To create what is there already is refused, two may delete the same, and two may
// count the same note at the same moment.
import { keyText } from "@knvirt/kubernetes";
import type { Invariant } from "./invariant.ts";
import { isOurs } from "./users.ts";

export const writesChange: Invariant = ({ broken }) => ({
  write: ({ user, verb, subresource, manager, kind, key, before, after }) => {
    if (before !== after || verb === "delete" || kind === "Event" || !isOurs(user)) return;
    const by = `${verb}${subresource ? ` of ${subresource}` : ""} by ${manager ?? user}`;
    broken(`${kind} ${keyText(key)}`, `is written without any change: ${by}`);
  },
});
