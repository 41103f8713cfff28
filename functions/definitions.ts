// Every function of the control plane. A new function is a folder and a word here.
import type { FunctionDefinition } from "./runtime/definition.ts";
import { vm } from "./vm/index.ts";
import { vmi } from "./vmi/index.ts";
import type { LauncherSettings } from "./vmi/observed.ts";

export interface Settings {
  launcher: LauncherSettings;
}

export const definitionsOf = ({ launcher }: Settings): FunctionDefinition[] => [vm, vmi(launcher)];
