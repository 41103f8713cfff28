// The gateway as a library: standalone and tests make one of their own.
export { type Executors, localExecutor } from "./executors.ts";
export { createGateway, type Gateway } from "./server.ts";
