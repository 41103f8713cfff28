// The process of the event source: an orderly end on a signal.
import { startSource } from "./runtime/source/source.ts";

const source = await startSource(process.env);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => source.close());
