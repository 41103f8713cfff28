// A program that the kubelet starts in the launcher's container: it asks the guest's agent, and its exit code answers.
import { connectLauncher } from "./probe/client.ts";
import { parseQuestion } from "./probe/question.ts";
import { ask } from "./probe/verdict.ts";

async function main(): Promise<void> {
  const client = connectLauncher();
  try {
    const { isGood, said } = await ask(client, parseQuestion(process.argv.slice(2)));
    process.stdout.write(said);
    process.exitCode = isGood ? 0 : 1;
  } finally {
    client.close();
  }
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
