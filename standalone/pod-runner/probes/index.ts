// Probes of containers: the public surface.
export { Prober, type Verdicts } from "./prober.ts";
export { tellUnhealthy } from "./tell.ts";
