// Traffic of each network interface, as the guest sees its direction.
import { deviceFigure, type Metric } from "./metric.ts";

/** libvirt turns the directions of a tap round by itself: rx is what the guest receives. */
const counters: [name: string, figure: string, help: string][] = [
  ["receive_bytes", "rx.bytes", "Bytes that the guest received."],
  ["transmit_bytes", "tx.bytes", "Bytes that the guest sent."],
  ["receive_packets", "rx.pkts", "Packets that the guest received."],
  ["transmit_packets", "tx.pkts", "Packets that the guest sent."],
  ["receive_errors", "rx.errs", "Broken packets on the way to the guest."],
  ["transmit_errors", "tx.errs", "Broken packets on the way from the guest."],
  ["receive_packets_dropped", "rx.drop", "Packets dropped on the way to the guest."],
  ["transmit_packets_dropped", "tx.drop", "Packets dropped on the way from the guest."],
];

const traffic = (type: "rx" | "tx"): Metric =>
  deviceFigure({
    name: "kubevirt_vmi_network_traffic_bytes_total",
    help: "Deprecated: use kubevirt_vmi_network_receive_bytes_total and kubevirt_vmi_network_transmit_bytes_total.",
    type: "counter",
    devices: "interfaces",
    figure: `${type}.bytes`,
    labelNames: ["interface", "type"],
    moreLabels: () => `type="${type}"`,
  });

const [received, sent] = [traffic("rx"), traffic("tx")];

export const networkMetrics: Metric[] = [
  ...counters.map(([name, figure, help]) =>
    deviceFigure({
      name: `kubevirt_vmi_network_${name}_total`,
      help,
      type: "counter",
      devices: "interfaces",
      figure,
      labelNames: ["interface"],
    }),
  ),
  { ...received, series: (scrape) => received.series(scrape) + sent.series(scrape) },
];
