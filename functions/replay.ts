// npm run replay: what functions decided, decided again.
import { definitionsOf } from "./definitions.ts";
import { replayCommand } from "./runtime/recording/command.ts";

// Whoever reads may have seen enough: `| head`.
process.stdout.on("error", () => process.exit());

try {
  // Settings of an installation are in its recordings.
  const definitions = definitionsOf({ launcher: { image: "" } });
  process.exitCode = await replayCommand(process.argv.slice(2), definitions, console.log);
} catch (error) {
  console.error(`replay: ${(error as Error).message}`);
  process.exitCode = 2;
}
