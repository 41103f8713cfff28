// Whether an instance that is to start waits until the claims of its volumes are bound.
import { isFinal, type VirtualMachine, volumeClaims } from "@knvirt/api";
import type { Observed } from "./observed.ts";

/** A guest that runs has its claims, and one that is not to run needs none. */
const onItsWay = new Set(["Starting", "WaitingForVolumeBinding", "ErrorPvcNotFound"]);

/** What to look at: nothing before there is an instance that is told of. */
export const claimNames = ({ spec, status }: VirtualMachine): string[] =>
  onItsWay.has(status?.printableStatus ?? "") ? [...new Set(Object.values(volumeClaims(spec.template.spec)))] : [];

export const waitsForClaims = ({ vmi, claims }: Pick<Observed, "vmi" | "claims">): boolean =>
  vmi !== undefined && !isFinal(vmi) && claims.some(({ status }) => status?.phase === "Pending");
