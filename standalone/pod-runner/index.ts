// The kubelet substitute of one machine: pods bound to its node become containers, and outlive it.
export { ensureHostImage, type HostImageDefinition } from "./host-image.ts";
export { type Instance, instanceAt } from "./instance.ts";
export { readLog } from "./log-reader.ts";
export { podUids } from "./observe.ts";
export { imagesInUse } from "./pod-start.ts";
export { type PodRunner, startPodRunner } from "./runner.ts";
export { startStorage } from "./storage.ts";
export { teardownEverything } from "./teardown.ts";
