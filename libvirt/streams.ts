// Streams: bytes beside the calls, in one direction or both, within the connection that opened them.
import { packetStatus } from "./frames.ts";
import type { Reader } from "./octets.ts";
import { readError } from "./pending-calls.ts";
import { int64, struct, uint32 } from "./xdr.ts";

/** libvirt's own limit for what one packet of a stream carries. */
const maxPieceLength = 262120;
/** What may wait unread before the whole connection stops reading, and how little before it goes on. */
const highWater = 8 * 1024 * 1024;
const lowWater = highWater / 2;

/** A stretch of zeros that was not sent; only in streams that were asked for as sparse. */
export interface Hole {
  holeLength: bigint;
}
export type Chunk = Buffer | Hole;

export const holeCodec = struct({ length: int64, flags: uint32 });

/** The connection as its stream sees it. */
export interface StreamPort {
  readonly procedure: string;
  send(status: number, piece?: Uint8Array): Promise<void>;
  sendHole(length: bigint): Promise<void>;
  throttle(full: boolean): void;
  release(): void;
}

/**
 * Unread data is kept up to 8 MiB, then nothing is read from the connection until some of it was taken: a stream that is
 * read slowly, or by somebody who awaits other calls meanwhile, belongs on a connection of its own.
 */
export class Stream implements AsyncIterable<Chunk>, AsyncDisposable {
  readonly #port: StreamPort;
  readonly #queue: Chunk[] = [];
  #queuedBytes = 0;
  #throttled = false;
  /** finishing and aborting: our last word is sent, the daemon's is awaited. */
  #phase: "open" | "finishing" | "aborting" | "over" = "open";
  #error: Error | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(port: StreamPort) {
    this.#port = port;
  }

  /** The next piece; undefined once all was read and the daemon confirmed that all was well. */
  async read(): Promise<Chunk | undefined> {
    for (;;) {
      const chunk = this.#queue.shift();
      if (chunk) return this.#taken(chunk);
      if (this.#error) throw this.#error;
      if (this.#phase === "over") return undefined;
      await this.#changed.promise;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Chunk, void, void> {
    try {
      for (let chunk = await this.read(); chunk; chunk = await this.read()) yield chunk;
    } finally {
      await this.abort();
    }
  }

  /** Answers when the bytes are with the operating system; of a failure in the daemon a later call tells. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += maxPieceLength) {
      this.#requireOpen();
      await this.#port.send(packetStatus.continue, bytes.subarray(at, at + maxPieceLength));
    }
  }

  async writeHole(length: bigint): Promise<void> {
    this.#requireOpen();
    await this.#port.sendHole(length);
  }

  /** All is written; answers when the daemon has it all. */
  async end(): Promise<void> {
    this.#requireOpen();
    this.#phase = "finishing";
    await this.#port.send(packetStatus.ok);
    await this.#over();
    if (this.#error) throw this.#error;
  }

  /** Whatever was not read or written yet is given up. Harmless when the stream is over. */
  async abort(): Promise<void> {
    const before = this.#phase;
    this.discard();
    if (before === "over") return;
    if (before !== "finishing") await this.#port.send(packetStatus.error);
    await this.#over();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.abort();
  }

  /** Nobody will read what comes from now on. */
  discard(): void {
    if (this.#phase !== "over") this.#phase = "aborting";
    this.#queue.length = 0;
    this.#queuedBytes = 0;
    this.#throttle();
  }

  /** For the connection: a packet came. */
  receive(status: number, payload: Reader): void {
    if (status === packetStatus.error) this.fail(readError(this.#port.procedure, payload));
    else if (status === packetStatus.ok) this.#finish();
    else if (payload.at === payload.end) this.#acknowledgeEnd();
    else this.#enqueue(Buffer.from(payload.buffer.subarray(payload.at, payload.end)));
  }

  receiveHole(length: bigint): void {
    this.#enqueue({ holeLength: length });
  }

  /** For the connection: nothing more will come. */
  fail(error: Error): void {
    this.#error = error;
    this.#finish();
  }

  #requireOpen(): void {
    if (this.#error) throw this.#error;
    if (this.#phase !== "open") throw new Error(`stream of ${this.#port.procedure} is ${this.#phase}, expected open`);
  }

  /** The daemon has no more data; it keeps the stream until we agree. */
  #acknowledgeEnd(): void {
    if (this.#phase !== "open") return;
    this.#phase = "finishing";
    // A failing send ends the connection, and with it this stream: fail() tells the reader.
    this.#port.send(packetStatus.ok).catch(() => undefined);
  }

  #enqueue(chunk: Chunk): void {
    if (this.#phase === "aborting") return;
    this.#queue.push(chunk);
    this.#queuedBytes += Buffer.isBuffer(chunk) ? chunk.length : 0;
    this.#throttle();
    this.#wake();
  }

  #taken(chunk: Chunk): Chunk {
    this.#queuedBytes -= Buffer.isBuffer(chunk) ? chunk.length : 0;
    this.#throttle();
    return chunk;
  }

  #throttle(): void {
    const full = this.#queuedBytes > (this.#throttled ? lowWater : highWater);
    if (full === this.#throttled) return;
    this.#throttled = full;
    this.#port.throttle(full);
  }

  #finish(): void {
    this.#phase = "over";
    this.#port.release();
    this.#wake();
  }

  async #over(): Promise<void> {
    while (this.#phase !== "over") await this.#changed.promise;
  }

  #wake(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    resolve();
  }
}
