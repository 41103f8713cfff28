// The scheduler: pods without a node get one.
export { startScheduler } from "./scheduler.ts";
