// The promises of the control plane, held against each thing that happens, and its end state against what was wished for.
import { causesOf } from "./causes.ts";
import { endsAreTrue } from "./ends-are-true.ts";
import { guestsArePrompt } from "./guests-are-prompt.ts";
import type { Court, Invariant } from "./invariant.ts";
import type { Ledger } from "./ledger.ts";
import { oneLauncher } from "./one-launcher.ts";
import { oneWriter } from "./one-writer.ts";
import { ownedEndFirst } from "./owned-end-first.ts";
import { phasesAdvance } from "./phases-advance.ts";
import { placesAreTrue } from "./places-are-true.ts";
import { registerOf } from "./register.ts";
import { oracleOf } from "./rest/index.ts";
import { runningIsTrue } from "./running-is-true.ts";
import { startFailuresAreReal } from "./start-failures-are-real.ts";
import { startsAreSpaced } from "./starts-are-spaced.ts";
import { startsAreWanted } from "./starts-are-wanted.ts";
import { stopsAreCaused } from "./stops-are-caused.ts";
import { timesAreInOrder } from "./times-are-in-order.ts";
import { verbsKeepToTheirVm } from "./verbs-keep-to-their-vm.ts";
import { Violation } from "./violation.ts";
import { vmStatusIsTrue } from "./vm-status-is-true.ts";
import { writesAreBounded } from "./writes-are-bounded.ts";
import { writesChange } from "./writes-change.ts";

export { type Ledger, ledgerOf } from "./ledger.ts";
export { Violation } from "./violation.ts";

/** By the name that a violation bears. */
const invariants: Readonly<Record<string, Invariant>> = {
  oneWriter,
  oneLauncher,
  stopsAreCaused,
  startsAreWanted,
  startsAreSpaced,
  phasesAdvance,
  runningIsTrue,
  guestsArePrompt,
  endsAreTrue,
  placesAreTrue,
  vmStatusIsTrue,
  startFailuresAreReal,
  timesAreInOrder,
  ownedEndFirst,
  verbsKeepToTheirVm,
  writesChange,
  writesAreBounded,
};

export interface Invariants {
  /** Throws the first Violation since it was asked last. */
  check(): void;
  /** Throws a Violation when what is left is not what was wished for. To be asked when nothing is due any more. */
  atRest(): void;
}

export function invariantsOf({ ledger }: { ledger: Ledger }): Invariants {
  const register = registerOf();
  const causes = causesOf(register);
  const oracle = oracleOf(register);
  let found: Violation | undefined;
  const courtOf = (name: string): Court => ({
    register,
    causes,
    broken: (object, message) => {
      found ??= new Violation(name, { object, message });
    },
  });
  const followers = Object.entries(invariants).map(([name, invariant]) => invariant(courtOf(name)));
  for (const follower of [register, causes, ...followers, ...oracle.followers]) ledger.follow(follower);
  const complain = (violation: Violation | undefined): void => {
    if (violation) throw violation;
  };
  return {
    check: () => {
      const first = found;
      found = undefined;
      complain(first);
    },
    atRest: () => complain(oracle.verdict()),
  };
}
