// Every way a call can fail: libvirt answered with an error, there was no answer in time, or the connection is gone.
import { domain, network } from "./types.ts";
import { int32, type Of, optional, string } from "./xdr.ts";

/** libvirt's virErrorNumber, as far as a launcher may meet or decide on it. */
export const errorCodes = {
  internalError: 1,
  noSupport: 3,
  invalidConnection: 6,
  invalidDomain: 7,
  invalidArgument: 8,
  operationFailed: 9,
  xmlError: 27,
  domainExists: 28,
  operationDenied: 29,
  xmlDetail: 35,
  systemError: 38,
  rpc: 39,
  noDomain: 42,
  authenticationFailed: 45,
  operationInvalid: 55,
  configUnsupported: 67,
  operationTimeout: 68,
  noDomainSnapshot: 72,
  argumentUnsupported: 74,
  operationAborted: 78,
  noDomainMetadata: 80,
  migrateUnsafe: 81,
  blockCopyActive: 83,
  operationUnsupported: 84,
  agentUnresponsive: 86,
  resourceBusy: 87,
  accessDenied: 88,
  cpuIncompatible: 91,
  xmlInvalidSchema: 92,
  deviceMissing: 99,
  noDomainCheckpoint: 103,
  noDomainBackup: 104,
  agentCommandFailed: 113,
} as const;
export type ErrorName = keyof typeof errorCodes;

/** What an answer with status ERROR carries. */
export const errorFields = {
  code: int32,
  domain: int32,
  message: optional(string),
  level: int32,
  dom: optional(domain),
  str1: optional(string),
  str2: optional(string),
  str3: optional(string),
  int1: int32,
  int2: int32,
  net: optional(network),
};

/** libvirt refused or failed. Branch on the code: texts differ between versions. */
export class LibvirtError extends Error {
  override readonly name = "LibvirtError";
  readonly code: number;
  /** The part of libvirt that failed (virErrorDomain), not a virtual machine. */
  readonly domain: number;
  readonly level: number;
  readonly procedure: string;

  constructor(procedure: string, answer: Of<typeof errorFields>) {
    super(answer.message ?? `${procedure} failed with code ${answer.code} and no text`);
    this.code = answer.code;
    this.domain = answer.domain;
    this.level = answer.level;
    this.procedure = procedure;
  }
}

export const isLibvirtError = (error: unknown, name: ErrorName): error is LibvirtError =>
  error instanceof LibvirtError && error.code === errorCodes[name];

/** No answer within the time the caller gave. What the daemon makes of the call is not known. */
export class CallTimeoutError extends Error {
  override readonly name = "CallTimeoutError";
  readonly procedure: string;

  constructor(procedure: string, timeoutMs: number) {
    super(`${procedure} was not answered within ${timeoutMs} ms`);
    this.procedure = procedure;
  }
}

/**
 * unreachable: nobody listens; refused: the daemon asks for credentials; protocol: it sent what cannot be understood;
 * unresponsive: it stopped answering keepalives; lost: it closed or died; closed: we closed.
 */
export type ConnectionEnd = "unreachable" | "refused" | "protocol" | "unresponsive" | "lost" | "closed";

export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly reason: ConnectionEnd;

  constructor(reason: ConnectionEnd, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
