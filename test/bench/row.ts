// One line of the benchmark table.

export interface Row {
  name: string;
  /** Figure with its unit, or with the comparison it is a ratio of. */
  value: string;
  target?: string;
  met?: boolean;
}

export const median = (values: number[]): number => {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
export const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
