// Kernel and initial RAM disk out of a container image.
import type { VirtualMachineInstance } from "@knvirt/api";
import { vmiText } from "../domain/conversion.ts";
import { LauncherError } from "../errors.ts";
import type { Paths } from "../paths.ts";
import { failureText } from "./failure.ts";
import { fileInside } from "./inside.ts";

export async function kernelBoot(
  vmi: VirtualMachineInstance,
  paths: Paths,
): Promise<{ kernel?: string; initrd?: string }> {
  const { kernelPath, initrdPath, image } = vmi.spec.domain.firmware?.kernelBoot?.container ?? {};
  const find = (field: string, path: string): Promise<string> =>
    fileInside(paths.kernelBoot, path).catch((error: unknown) => {
      const where = `kernelBoot.container.${field} of ${vmiText(vmi)}: ${path} in image ${image}`;
      throw new LauncherError("KernelBootInvalid", `${where}: ${failureText(error)}`, { cause: error });
    });
  return {
    ...(kernelPath && { kernel: await find("kernelPath", kernelPath) }),
    ...(initrdPath && { initrd: await find("initrdPath", initrdPath) }),
  };
}
