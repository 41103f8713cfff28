// One connection to a libvirt daemon: whom each packet belongs to.
import { ConnectionError } from "./errors.ts";
import { type Header, headerLength, packetStatus, packetTypes, programs, readHeader, seal } from "./frames.ts";
import { type KeepaliveOptions, keepaliveProcedures, type Watchdog, watchdog } from "./keepalive.ts";
import { Link } from "./link.ts";
import { type Reader, reserve, type Writer, writer, XdrError } from "./octets.ts";
import { type CallOptions, decodeNamed, PendingCalls } from "./pending-calls.ts";
import { remote } from "./procedures.ts";
import type { Message, Procedure, StreamProcedure } from "./program.ts";
import { holeCodec, Stream, type StreamPort } from "./streams.ts";

export type { KeepaliveOptions } from "./keepalive.ts";
export type { CallOptions } from "./pending-calls.ts";

/** How long an orderly goodbye may take before we just leave. */
const goodbyeMs = 2000;

type Receiver = (value: unknown) => void;

export class Connection implements AsyncDisposable {
  /** Resolves when the connection has ended, with the reason; never rejects. */
  readonly closed: Promise<ConnectionError>;
  readonly #link: Link;
  readonly #socketPath: string;
  readonly #calls = new PendingCalls();
  readonly #streams = new Map<number, Stream>();
  readonly #receivers = new Map<string, { message: Message<unknown>; all: Set<Receiver> }>();
  #watchdog: Watchdog | undefined;
  #serial = 0;
  #fullStreams = 0;

  /** A socket only; connect() also authenticates and opens a hypervisor. */
  static async open(socketPath: string, signal?: AbortSignal): Promise<Connection> {
    signal?.throwIfAborted();
    const connection = new Connection(socketPath);
    const giveUp = (): void => connection.#close("closed", "was given up");
    signal?.addEventListener("abort", giveUp, { once: true });
    try {
      await connection.#link.connected();
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", giveUp);
    }
    return connection;
  }

  private constructor(socketPath: string) {
    const closed = Promise.withResolvers<ConnectionError>();
    this.closed = closed.promise;
    this.#socketPath = socketPath;
    this.#link = new Link(socketPath, {
      packet: (packet) => this.#dispatch(packet),
      ended: (reason) => {
        this.#watchdog?.stop();
        this.#calls.rejectAll(reason);
        for (const stream of this.#streams.values()) stream.fail(reason);
        closed.resolve(reason);
      },
    });
  }

  call<Args, Reply>(procedure: Procedure<Args, Reply>, args: Args, options?: CallOptions): Promise<Reply> {
    try {
      this.#requireOpen(options);
      const serial = this.#nextSerial();
      this.#sendCall(serial, procedure, args);
      return this.#calls.add(serial, procedure, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** What the daemon sends right behind its reply waits in the stream: nothing is lost between the two. */
  async openStream<Args, Reply>(
    procedure: StreamProcedure<Args, Reply>,
    args: Args,
    options?: CallOptions,
  ): Promise<{ reply: Reply; stream: Stream }> {
    this.#requireOpen(options);
    const serial = this.#nextSerial();
    const stream = new Stream(this.#streamPort(serial, procedure));
    this.#streams.set(serial, stream);
    try {
      this.#sendCall(serial, procedure, args);
      return { reply: await this.#calls.add(serial, procedure, options), stream };
    } catch (error) {
      // Given up before the daemon answered: it is told to stop once it has.
      if (this.#calls.has(serial)) stream.discard();
      else this.#streams.delete(serial);
      throw error;
    }
  }

  /** Hands every such message to the receiver; answers how to stop that. */
  receive<T>(message: Message<T>, receiver: (value: T) => void): () => void {
    const key = `${message.program}/${message.number}`;
    const entry = this.#receivers.get(key) ?? { message, all: new Set<Receiver>() };
    this.#receivers.set(key, entry);
    entry.all.add(receiver as Receiver);
    return () => entry.all.delete(receiver as Receiver);
  }

  /** Pings the daemon when it is silent, and ends the connection when it stays so. */
  keepAlive(options: KeepaliveOptions): void {
    const { intervalSeconds, count } = options;
    this.#watchdog?.stop();
    this.#watchdog = watchdog(options, {
      isListening: () => this.#fullStreams === 0,
      ping: () => this.#sendKeepalive(keepaliveProcedures.ping),
      expire: () => this.#close("unresponsive", `did not answer ${count} pings, one every ${intervalSeconds} s`),
    });
  }

  /** Says goodbye and closes. Calls still in flight fail. Never rejects: whatever the daemon makes of it, we are gone. */
  async close(): Promise<void> {
    // A daemon that is dead, hung or has not let us in needs no goodbye.
    await this.call(remote.connectClose, {}, { timeoutMs: goodbyeMs }).catch(() => undefined);
    this.destroy();
  }

  /** Closes at once, without a word. */
  destroy(): void {
    this.#close("closed", "was left by us");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #close(reason: ConnectionError["reason"], what: string): void {
    this.#link.close(new ConnectionError(reason, `libvirt at ${this.#socketPath} ${what}`));
  }

  #requireOpen(options: CallOptions | undefined): void {
    if (this.#link.end) throw this.#link.end;
    options?.signal?.throwIfAborted();
  }

  #nextSerial(): number {
    do this.#serial = (this.#serial + 1) >>> 0 || 1;
    while (this.#calls.has(this.#serial) || this.#streams.has(this.#serial));
    return this.#serial;
  }

  #sendCall<Args>(serial: number, { name, program, number, args }: Procedure<Args, unknown>, value: Args): void {
    const output = writer(headerLength);
    try {
      args.write(output, value);
    } catch (cause) {
      throw new XdrError(`${name} cannot be sent: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
    const header = { program, procedure: number, type: packetTypes.call, serial, status: packetStatus.ok };
    this.#link.send(seal(output, header));
  }

  #sendKeepalive(procedure: number): void {
    const { message } = packetTypes;
    const header = { program: programs.keepalive, procedure, type: message, serial: 0, status: packetStatus.ok };
    this.#link.send(seal(writer(headerLength), header));
  }

  #streamPort(serial: number, { name, program, number }: Procedure<unknown, unknown>): StreamPort {
    const send = (header: { type: number; status: number }, output: Writer): Promise<void> =>
      this.#link.sent(seal(output, { program, procedure: number, serial, ...header }));
    return {
      procedure: name,
      send: (status, piece) => send({ type: packetTypes.stream, status }, pieceWriter(piece)),
      sendHole: (length) => {
        const output = writer(headerLength);
        holeCodec.write(output, { length, flags: 0 });
        return send({ type: packetTypes.hole, status: packetStatus.continue }, output);
      },
      throttle: (full) => {
        this.#fullStreams += full ? 1 : -1;
        if (this.#fullStreams > 0) this.#link.pause();
        else this.#link.resume();
      },
      release: () => this.#streams.delete(serial),
    };
  }

  #dispatch(packet: Buffer): void {
    this.#watchdog?.alive();
    const header = readHeader(packet);
    const payload: Reader = { buffer: packet, at: headerLength, end: packet.length };
    if (header.program === programs.keepalive) this.#answerKeepalive(header);
    else if (header.type === packetTypes.reply) this.#settle(header, payload);
    else if (header.type === packetTypes.message) this.#deliver(header, payload);
    else this.#feed(header, payload);
  }

  #answerKeepalive({ procedure }: Header): void {
    if (procedure === keepaliveProcedures.ping) this.#sendKeepalive(keepaliveProcedures.pong);
  }

  #settle({ serial, status }: Header, payload: Reader): void {
    const wanted = this.#calls.settle(serial, status, payload);
    const stream = this.#streams.get(serial);
    if (wanted || !stream) return;
    // Nobody waited for this stream any more. When telling so fails, the connection ends, and the stream with it.
    if (status === packetStatus.error) this.#streams.delete(serial);
    else stream.abort().catch(() => undefined);
  }

  #deliver({ program, procedure }: Header, payload: Reader): void {
    const entry = this.#receivers.get(`${program}/${procedure}`);
    if (!entry?.all.size) return;
    const value = decodeNamed(`message ${procedure} of program ${program}`, entry.message.fields, payload);
    for (const receiver of entry.all) isolated(() => receiver(value));
  }

  #feed({ type, serial, status }: Header, payload: Reader): void {
    if (type !== packetTypes.stream && type !== packetTypes.hole)
      throw new XdrError(`packet type is ${type}, expected a reply, a message or a piece of a stream`);
    // The last pieces of a stream that we have given up are still under way.
    const stream = this.#streams.get(serial);
    if (!stream) return;
    if (type === packetTypes.stream) stream.receive(status, payload);
    else stream.receiveHole(decodeNamed("a stream's hole", holeCodec, payload).length);
  }
}

function pieceWriter(piece: Uint8Array | undefined): Writer {
  const length = piece?.length ?? 0;
  const output: Writer = { buffer: Buffer.allocUnsafe(headerLength + length), at: headerLength };
  const at = reserve(output, length);
  if (piece) output.buffer.set(piece, at);
  return output;
}

/** A receiver's mistake must not look like the daemon's: it surfaces as what it is, an uncaught exception. */
function isolated(action: () => void): void {
  try {
    action();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
