// The process of the controller: an orderly end on a signal.
import { startController } from "./runtime/controller.ts";

const controller = await startController(process.env);
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, async () => {
    await controller.close();
    process.exit(0);
  });
