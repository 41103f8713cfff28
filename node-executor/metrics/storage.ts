// Reads, writes and flushes of each disk.
import { deviceFigure, type Metric, seconds } from "./metric.ts";

const counters: [name: string, figure: string, help: string, unit?: number][] = [
  ["iops_read_total", "rd.reqs", "Reads of the disk."],
  ["iops_write_total", "wr.reqs", "Writes to the disk."],
  ["read_traffic_bytes_total", "rd.bytes", "Bytes read from the disk."],
  ["write_traffic_bytes_total", "wr.bytes", "Bytes written to the disk."],
  ["read_times_seconds_total", "rd.times", "Time that reads of the disk took.", seconds],
  ["write_times_seconds_total", "wr.times", "Time that writes to the disk took.", seconds],
  ["flush_requests_total", "fl.reqs", "Flushes of the disk."],
  ["flush_times_seconds_total", "fl.times", "Time that flushes of the disk took.", seconds],
];

export const storageMetrics: Metric[] = counters.map(([name, figure, help, unit = 1]) =>
  deviceFigure({
    name: `kubevirt_vmi_storage_${name}`,
    help,
    type: "counter",
    devices: "drives",
    figure,
    unit,
    labelNames: ["drive"],
  }),
);
