// The container of one launcher pod as others see it: the launcher in it, and its guest.
import type { Key } from "@knvirt/kubernetes";

export interface Container {
  readonly podUid: string;
  readonly pod: Key;
  readonly vmi: Key & { uid: string };
  readonly node: string;
  readonly isRunning: boolean;
  /** QEMU is there: its disks are open. */
  readonly hasGuest: boolean;
  /** The launcher process dies; the script that started it starts it again, after a second or so. The guest goes on. */
  killLauncher(backAfterMs?: number): void;
  /** libvirtd dies, and is started again by the launcher. The guest goes on. */
  killLibvirt(): void;
  /** QEMU dies. */
  crashGuest(): void;
  /** The launcher cannot be reached through its socket. Guest and launcher go on. Answers how to end that. */
  hideLauncher(): () => void;
}
