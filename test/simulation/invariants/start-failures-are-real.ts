// Only an instance that ended by itself and was never Running counts as a start that failed, once each; and the count is
// forgotten only when one runs, when the strategy does not count, or when a user says so.
import {
  isBeingDeleted,
  isFinal,
  isRunning,
  runStrategyOf,
  type VirtualMachine,
  type VirtualMachineInstance,
} from "@knvirt/api";
import { keyText } from "@knvirt/kubernetes";
import type { Write } from "../api-server/index.ts";
import type { Invariant } from "./invariant.ts";
import { isOurs } from "./users.ts";

type Failure = NonNullable<NonNullable<VirtualMachine["status"]>["startFailure"]>;

export const startFailuresAreReal: Invariant = ({ broken }) => {
  const haveRun = new Set<string>();
  const haveEnded = new Set<string>();
  /** Whoever sees that these have ended sees that somebody deleted them before. */
  const wereEnded = new Set<string>();
  /** Names of VMs one of whose instances ran since a failure was counted last. */
  const ranSince = new Set<string>();
  const noteVmi = (vmi: VirtualMachineInstance, key: string): void => {
    const { uid = "" } = vmi.metadata;
    if (isFinal(vmi) && !haveEnded.has(uid) && isBeingDeleted(vmi)) wereEnded.add(uid);
    if (isFinal(vmi)) haveEnded.add(uid);
    if (!isRunning(vmi)) return;
    haveRun.add(uid);
    ranSince.add(key);
  };
  const countedWrongly = (was: Failure | undefined, is: Failure): string | undefined => {
    const uid = is.lastFailedVMIUID ?? "";
    const [before, now] = [was?.consecutiveFailCount ?? 0, is.consecutiveFailCount ?? 0];
    const rules: [isBroken: boolean, text: string][] = [
      [now !== before + 1, `counts ${now} failed starts after ${before}`],
      [uid === was?.lastFailedVMIUID, `counts instance ${uid} twice`],
      [haveRun.has(uid), `counts instance ${uid} as a failed start, which was Running`],
      [wereEnded.has(uid), `counts instance ${uid} as a failed start, which somebody deleted`],
      [!haveEnded.has(uid), `counts instance ${uid} as a failed start, which has not ended`],
    ];
    return rules.find(([isBroken]) => isBroken)?.[1];
  };
  const judge = ({ before, after, key }: Write): void => {
    const [was, is] = [before, after].map((vm) => (vm as VirtualMachine | undefined)?.status?.startFailure);
    if (!after || JSON.stringify(was) === JSON.stringify(is)) return;
    const name = keyText(key);
    const text = is ? countedWrongly(was, is) : forgottenWrongly(after as VirtualMachine, ranSince.has(name));
    if (text) broken(`VirtualMachine ${name}`, text);
    ranSince.delete(name);
  };
  return {
    write: (write) => {
      if (write.kind === "VirtualMachineInstance" && write.after)
        noteVmi(write.after as VirtualMachineInstance, keyText(write.key));
      else if (write.kind === "VirtualMachine" && isOurs(write.user)) judge(write);
    },
  };
};

const counting = new Set<string>(["Always", "RerunOnFailure", "Once"]);

const forgottenWrongly = (vm: VirtualMachine, hasOneRun: boolean): string | undefined =>
  counting.has(runStrategyOf(vm)) && !hasOneRun ? "forgets failed starts though nothing ran since" : undefined;
