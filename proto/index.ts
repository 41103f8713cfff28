// Contracts between processes, generated from the .proto files beside this one.

/** Between a kubelet and its device plugins. */
export * as devicePlugin from "./generated/device-plugin.ts";
export * from "./generated/executor.ts";
export * from "./generated/launcher.ts";
