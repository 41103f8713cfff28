// Running programs of the system: the public surface.
export { runTool, ToolError, type ToolOptions } from "./run-tool.ts";
export { signalIfThere } from "./signal.ts";
