// Contracts between our processes, generated from the .proto files beside this one.
export * from "./generated/executor.ts";
export * from "./generated/launcher.ts";
