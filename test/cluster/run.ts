// A command as one list, which is the same for a program on the host and for one that a node is entered for.
import { runTool, type ToolOptions } from "@knvirt/tools";

/** Answers with standard output, throws with the end of all that was said. */
export type Run = (command: string[], options?: ToolOptions) => Promise<string>;

export const run: Run = ([tool = "", ...args], options) => runTool(tool, args, options);
