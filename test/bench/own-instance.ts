// An instance without VMs that a benchmark has for itself, and of which nothing is left afterwards.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Instance, startInstance } from "../support/instance.ts";
import type { Row } from "./row.ts";

/** Scratch is a folder for whatever else the benchmark needs. */
export async function onOwnInstance(use: (instance: Instance, scratch: string) => Promise<Row[]>): Promise<Row[]> {
  const scratch = await mkdtemp(join(tmpdir(), "knvirt-bench-"));
  const instance = await startInstance(join(scratch, "data"), ["--no-example"]);
  try {
    return await use(instance, scratch);
  } finally {
    await instance.run(["stop", "--purge"]);
    await rm(scratch, { recursive: true, force: true });
  }
}
