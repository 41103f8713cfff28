// Questions about the state of a domain, as its launcher tells it.
import { DomainPhase, type DomainState } from "@knvirt/proto";

const livePhases: ReadonlySet<DomainPhase> = new Set([
  DomainPhase.DOMAIN_PHASE_RUNNING,
  DomainPhase.DOMAIN_PHASE_SHUTDOWN,
]);

/** The guest's processors have run: the instance is Running, even when it is paused now. */
export const hasRun = ({ phase, startedAt }: DomainState): boolean => startedAt !== "" || livePhases.has(phase);

/** Its pod ends too, and how that ends decides the final phase. */
export const hasEnded = ({ phase }: DomainState): boolean =>
  phase === DomainPhase.DOMAIN_PHASE_SHUTOFF || phase === DomainPhase.DOMAIN_PHASE_CRASHED;
