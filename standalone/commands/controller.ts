// knvirt controller: the functions for another cluster, in one process that ends with this command.
import { startController } from "@knvirt/functions";

export async function runController(): Promise<void> {
  const controller = await startController(process.env);
  const signal = await new Promise<string>((resolve) => {
    for (const each of ["SIGINT", "SIGTERM"]) process.once(each, () => resolve(each));
  });
  console.log(`controller ends: ${signal}`);
  await controller.close();
  process.exit(0);
}
