// What everything in one launcher container shares.
import type { VirtualMachineInstance } from "@knvirt/api";
import type { Key } from "@knvirt/kubernetes";
import type { SimulatedProcess } from "../../engine/simulated-process.ts";
import type { GuestFact, Ledger } from "../../invariants/ledger.ts";
import type { GuestBehaviour } from "../behaviour.ts";
import type { DiskRegister } from "../disks.ts";
import type { Hardware } from "../hardware.ts";

/** What all nodes share. */
export interface Ground {
  ledger: Ledger;
  disks: DiskRegister;
  /** Of the next guest of this VM. */
  nextBehaviour(vmi: VirtualMachineInstance): GuestBehaviour;
}

export interface Place extends Ground {
  hardware: Hardware;
  podUid: string;
  vmi: Required<Key> & { uid: string };
  /** As the environment of the launcher has it. */
  graceSeconds: number;
  /** The first process of the container: all others end with it. */
  first: SimulatedProcess;
  /** What a readiness probe finds may be another by now. */
  onReadiness(): void;
}

/** A process in the container. */
export const spawnIn = ({ hardware, vmi }: Place, program: string): SimulatedProcess =>
  hardware.spawn(`${program}-${vmi.name}`, "system:serviceaccount:none");

export const tellOfGuest = ({ ledger, hardware, podUid, vmi }: Place, fact: Pick<GuestFact, "what" | "how">): void =>
  ledger.guest({ ...fact, vmi: vmi.uid, pod: podUid, node: hardware.name });
