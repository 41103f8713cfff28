// Time of the processor that this process took: on a machine that others use too, the clock on the wall tells little.

export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
