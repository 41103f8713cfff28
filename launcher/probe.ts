// A program that the kubelet starts in the launcher's container: it asks the guest's agent, and its exit code answers.
import type { ServiceError } from "@grpc/grpc-js";
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
  const { details, message } = error as Partial<ServiceError> & Error;
  console.error(details ?? message); // without gRPC's number: the kubelet shows it to people
  process.exitCode = 1;
});
