// Loop devices: files that are block devices. Which there are is asked of the kernel, so nothing has to be remembered.
import { runTool } from "@knvirt/tools";

interface LoopDevice {
  name: string;
  "back-file": string;
}

const attaching = new Map<string, Promise<string>>();

/** The device of a file, made when there is none: two of one file would not see each other's writes. */
export function attachLoop(file: string): Promise<string> {
  const under = attaching.get(file) ?? attach(file).finally(() => attaching.delete(file));
  attaching.set(file, under);
  return under;
}

async function attach(file: string): Promise<string> {
  const found = (await loopDevices()).find((device) => device["back-file"] === file);
  return found?.name ?? (await runTool("losetup", ["--find", "--show", file])).trim();
}

/** Those of files below a folder that are not to be kept. One that is still open goes when it is closed. */
export async function detachLoops(folder: string, isKept: (file: string) => boolean): Promise<void> {
  for (const device of await loopDevices()) {
    const file = device["back-file"].replace(/ \(deleted\)$/, "");
    if (file.startsWith(`${folder}/`) && !isKept(file)) await runTool("losetup", ["--detach", device.name]);
  }
}

async function loopDevices(): Promise<LoopDevice[]> {
  const text = await runTool("losetup", ["--list", "--json", "--output", "NAME,BACK-FILE"]);
  // Nothing is printed when there are none.
  const { loopdevices } = JSON.parse(text.trim() === "" ? '{"loopdevices":[]}' : text) as {
    loopdevices: LoopDevice[];
  };
  return loopdevices;
}
