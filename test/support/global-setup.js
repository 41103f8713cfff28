// One instance for all specs: started before the first, taken away without a trace after the last.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startInstance } from "./instance.ts";

export default async function setUpInstance() {
  process.env.KNVIRT_TEST_DATA = mkdtempSync(join(tmpdir(), "knvirt-e2e-"));
  globalThis.knvirtInstance = await startInstance(process.env.KNVIRT_TEST_DATA, ["--no-example"]);
}
