// Calls in flight: each waits for its reply, its deadline, its signal, or the end of the connection.
import { CallTimeoutError, errorFields, LibvirtError } from "./errors.ts";
import { packetStatus } from "./frames.ts";
import { type Reader, XdrError } from "./octets.ts";
import type { Procedure } from "./program.ts";
import { type Codec, decode, struct } from "./xdr.ts";

export interface CallOptions {
  /** Gives up waiting; what the daemon makes of the call is then not known. */
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
}

interface PendingCall {
  procedure: Procedure<unknown, unknown>;
  resolve(reply: unknown): void;
  reject(error: unknown): void;
  /** Ends the timer and the listener, if there are any. */
  release: (() => void) | undefined;
}

const errorCodec = struct(errorFields);

export const readError = (procedure: string, payload: Reader): LibvirtError =>
  new LibvirtError(procedure, decodeNamed(`${procedure}'s error`, errorCodec, payload));

/** What cannot be decoded is blamed on what it should have been. */
export function decodeNamed<T>(what: string, codec: Codec<T>, payload: Reader): T {
  try {
    return decode(codec, payload);
  } catch (error) {
    if (error instanceof XdrError)
      throw new XdrError(`${what} cannot be decoded: ${error.message}`, { cause: error });
    throw error;
  }
}

export class PendingCalls {
  /** A call that was given up stays until its answer comes: its serial is still taken in the daemon. */
  readonly #calls = new Map<number, PendingCall | "abandoned">();

  has(serial: number): boolean {
    return this.#calls.has(serial);
  }

  add<R>(serial: number, procedure: Procedure<unknown, R>, options: CallOptions | undefined): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      const call: PendingCall = { procedure, resolve: resolve as PendingCall["resolve"], reject, release: undefined };
      this.#calls.set(serial, call);
      if (options?.signal || options?.timeoutMs !== undefined) this.#limit(serial, call, options);
    });
  }

  /** Answers whether somebody still waited for it. */
  settle(serial: number, status: number, payload: Reader): boolean {
    const call = this.#calls.get(serial);
    if (!call) throw new XdrError(`reply with serial ${serial} answers no call`);
    this.#calls.delete(serial);
    if (call === "abandoned") return false;
    call.release?.();
    try {
      const { name, reply } = call.procedure;
      if (status === packetStatus.error) call.reject(readError(name, payload));
      else call.resolve(decodeNamed(`${name}'s reply`, reply, payload));
    } catch (error) {
      call.reject(error);
    }
    return true;
  }

  rejectAll(error: Error): void {
    for (const call of this.#calls.values()) {
      if (call === "abandoned") continue;
      call.release?.();
      call.reject(error);
    }
    this.#calls.clear();
  }

  #limit(serial: number, call: PendingCall, { signal, timeoutMs }: CallOptions): void {
    const abandon = (error: unknown): void => {
      call.release?.();
      this.#calls.set(serial, "abandoned");
      call.reject(error);
    };
    const aborted = (): void => abandon(signal?.reason);
    signal?.addEventListener("abort", aborted, { once: true });
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => abandon(new CallTimeoutError(call.procedure.name, timeoutMs)), timeoutMs);
    call.release = () => {
      signal?.removeEventListener("abort", aborted);
      clearTimeout(timer);
    };
  }
}
