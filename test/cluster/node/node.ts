// One node of the cluster as callers see it: a set of namespaces with programs in it.
import type { Run } from "../run.ts";
import type { Program } from "./program.ts";

export interface ClusterNode {
  name: string;
  /** On the bridge, reachable from the host. */
  address: string;
  /** Of its first process, as the host numbers it. */
  pid: number;
  /** A program inside the node's namespaces. Throws with the end of its output. */
  run: Run;
  /** Ends a program of the node (kubelet, containerd, etcd, ...), which stays ended until it is started. */
  stop(program: string): Promise<void>;
  start(program: string): Promise<void>;
  /** Defines a program and runs it; one that is defined otherwise is started anew. */
  keep(program: Program): Promise<void>;
  /** Pid and age of every program that the node keeps running. */
  programs(): Promise<ProgramState[]>;
}

export interface ProgramState {
  program: string;
  /** As the host numbers it; undefined while it is stopped. */
  pid: number | undefined;
  seconds: number;
  /** How often it died and was started again. */
  restarts: number;
}
