// The embedded API server answers as Kubernetes' own does: the same random requests to both. Kubernetes' stands alone, with
// no controller that would act on what is made. What is compared, and what may differ: test/compare/differences.ts. The
// requests are the same in each run; new ones are looked for on purpose: `npm run compare`.
import { join } from "node:path";
import { runTool } from "@knvirt/tools";

const program = join(import.meta.dirname, "..", "..", "compare", "main.ts");

test("1500 requests are answered alike", async () => {
  // In a process of its own: in here objects that Node clones are not equal to those of the test's world.
  const told = await runTool(process.execPath, [program, "--requests", "1500", "--seed", "1"]);
  expect(told).toContain("answered alike");
});
