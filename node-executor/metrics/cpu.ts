// Processor time of a domain, and of each of its virtual processors.
import type { StatsReply } from "@knvirt/proto";
import { type Device, deviceFigure, domainFigure, groups, type Metric, namesOf, seconds } from "./metric.ts";

const cpu: Metric[] = [
  domainFigure({
    name: "kubevirt_vmi_cpu_usage_seconds_total",
    help: "CPU time used by the guest and its emulator.",
    type: "counter",
    figure: "cpu.time",
    unit: seconds,
  }),
  domainFigure({
    name: "kubevirt_vmi_cpu_user_usage_seconds_total",
    help: "CPU time used in user mode.",
    type: "counter",
    figure: "cpu.user",
    unit: seconds,
  }),
  domainFigure({
    name: "kubevirt_vmi_cpu_system_usage_seconds_total",
    help: "CPU time used in kernel mode.",
    type: "counter",
    figure: "cpu.system",
    unit: seconds,
  }),
];

/** In the order of virVcpuState. */
const states = ["offline", "running", "blocked"];

const stateName = namesOf(groups.vcpus, "state");

const stateOf = (figures: StatsReply["numbers"], device: Device): string =>
  `state="${states[figures[stateName(device)] ?? -1] ?? "unknown"}"`;

const vcpu: Metric[] = [
  deviceFigure({
    name: "kubevirt_vmi_vcpu_seconds_total",
    help: "Time of the virtual CPU, under the state it is in: offline, running, blocked or unknown.",
    type: "counter",
    devices: "vcpus",
    figure: "time",
    unit: seconds,
    labelNames: ["id", "state"],
    moreLabels: stateOf,
  }),
  deviceFigure({
    name: "kubevirt_vmi_vcpu_wait_seconds_total",
    help: "Time that the virtual CPU waited for input and output.",
    type: "counter",
    devices: "vcpus",
    figure: "wait",
    unit: seconds,
    labelNames: ["id"],
  }),
  deviceFigure({
    name: "kubevirt_vmi_vcpu_delay_seconds_total",
    help: "Time that the virtual CPU could have run and waited for a host CPU.",
    type: "counter",
    devices: "vcpus",
    figure: "delay",
    unit: seconds,
    labelNames: ["id"],
  }),
];

export const cpuMetrics: Metric[] = [...cpu, ...vcpu];
