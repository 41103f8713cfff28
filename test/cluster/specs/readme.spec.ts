// The README's commands for the example on a cluster, as they stand there: it boots, and its console has a prompt.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "@knvirt/tools";
import { eventually } from "../../support/eventually.ts";
import { sharedHost } from "../../support/shared-host.ts";
import { getVmi, removeVms } from "../../support/vms.ts";

const host = sharedHost();
const { kubeconfig, kubectl = "kubectl", namespace } = host;
const repository = join(import.meta.dirname, "..", "..", "..");
const [section = ""] =
  readFileSync(join(repository, "README.md"), "utf8").split("\n## On a cluster\n")[1]?.split("\n## ") ?? [];
const lines = section.split("\n").filter((line) => line.startsWith("    "));
const commands = lines.map((line) => line.replace(/\s+#.*/, "").trim());
const ctrlBracket = "\u001d";

afterAll(() => removeVms(host, "example"));

/** What follows these words, without the namespace: the specs have one of their own. */
const operandsOf = (words: string): string[][] =>
  commands.filter((line) => line.startsWith(words)).map((line) => line.slice(words.length).trim().split(/ +/));

test("the example is applied, and runs", async () => {
  const applied = operandsOf("kubectl ");
  expect(applied).toContainEqual(["apply", "-f", "examples/vm.yaml"]);
  for (const operands of applied)
    await runTool(kubectl, [...operands, "--kubeconfig", kubeconfig, "--namespace", namespace], {
      cwd: repository,
    }).catch(async (error: Error) => {
      throw new Error(await host.evidence(), { cause: error });
    });
  expect((await getVmi(host, "example"))?.status?.phase).toBe("Running");
});

test("its console has a prompt, and lets go", async () => {
  const [operands = []] = operandsOf("npm run cluster -- console ");
  expect(operands).toEqual(["example"]);
  const program = join(repository, "test", "cluster", "main.ts");
  const guest = spawn(process.execPath, ["--no-warnings", program, "console", ...operands, "-n", namespace]);
  const left = once(guest, "exit");
  let shown = "";
  for (const stream of [guest.stdout, guest.stderr])
    stream.on("data", (chunk: Buffer) => {
      shown += chunk;
    });
  await eventually(() => shown.includes("# "), { what: "a shell prompts", evidence: async () => shown });
  guest.stdin.write(ctrlBracket);
  expect(await left).toEqual([0, null]);
});
