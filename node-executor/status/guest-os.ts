// What the guest's agent told of the system that runs in it. Pure.
import type { VmiStatus } from "@knvirt/api";
import type { DomainState } from "@knvirt/proto";

const longestText = 256;

/** What the agent does not know is left out. */
export function guestStatus({ guest }: DomainState): Pick<VmiStatus, "guestOSInfo" | "fsFreezeStatus"> {
  if (!guest) return {};
  const { os, fsFreezeStatus } = guest;
  const known = Object.entries(os ?? {}).flatMap(([field, text]) =>
    text === "" ? [] : [[field, text.slice(0, longestText).toWellFormed()]],
  );
  return {
    ...(known.length > 0 && { guestOSInfo: Object.fromEntries(known) }),
    ...(fsFreezeStatus === "frozen" && { fsFreezeStatus }),
  };
}
