// The public surface: a client of libvirt's RPC protocol over a unix socket.
export { type CallOptions, Connection, type KeepaliveOptions } from "./connection.ts";
export * from "./devices.ts";
export type { DomainState, LifecycleChange } from "./domain-states.ts";
export * from "./domains.ts";
export {
  CallTimeoutError,
  type ConnectionEnd,
  ConnectionError,
  type ErrorName,
  errorCodes,
  isLibvirtError,
  LibvirtError,
} from "./errors.ts";
export { domainEvents } from "./event-table.ts";
export {
  type MonitorEvent,
  onConnectionClosed,
  onDomainEvent,
  onLifecycle,
  onMonitorEvent,
  type Subscription,
} from "./events.ts";
export * from "./guest-agent.ts";
export * from "./host.ts";
export { XdrError } from "./octets.ts";
export { type ConnectOptions, connect } from "./open.ts";
export { qemu, remote } from "./procedures.ts";
export type { DomainEvent, Procedure, StreamProcedure } from "./program.ts";
export { takeScreenshot } from "./screenshot.ts";
export * from "./stats.ts";
export { type Chunk, type Hole, Stream } from "./streams.ts";
export { type ParamSet, type ParamValues, plainValues, type TypedParam, typedParams } from "./typed-params.ts";
export type { Domain } from "./types.ts";
