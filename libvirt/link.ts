// The socket to a libvirt daemon: whole packets in, packets out, and one reason for its end.
import { connect, type Socket } from "node:net";
import { ConnectionError } from "./errors.ts";
import { packetCutter } from "./frames.ts";
import { XdrError } from "./octets.ts";

const readBufferLength = 64 * 1024;

export interface LinkListener {
  /** A view that is valid until the listener returns. What it throws ends the link, with reason "protocol". */
  packet(packet: Buffer): void;
  /** Called once. */
  ended(reason: ConnectionError): void;
}

export class Link {
  readonly #socket: Socket;
  readonly #socketPath: string;
  readonly #listener: LinkListener;
  readonly #cutter;
  #connected = false;
  #gathering = false;
  #end: ConnectionError | undefined;

  constructor(socketPath: string, listener: LinkListener) {
    this.#socketPath = socketPath;
    this.#listener = listener;
    this.#cutter = packetCutter((packet) => {
      if (!this.#end) listener.packet(packet);
    });
    // One buffer for all that is ever read: packets are decoded in it, or copied out of it while they are incomplete.
    const buffer = Buffer.allocUnsafeSlow(readBufferLength);
    const callback = (length: number): boolean => this.#receive(buffer.subarray(0, length));
    this.#socket = connect({ path: socketPath, onread: { buffer, callback } });
    let cause: Error | undefined;
    this.#socket.on("error", (error) => {
      cause = error;
    });
    this.#socket.on("close", () => this.#lost(cause));
  }

  /** Why the link has ended; undefined while it has not. */
  get end(): ConnectionError | undefined {
    return this.#end;
  }

  connected(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.once("connect", () => {
        this.#connected = true;
        resolve();
      });
      this.#socket.once("close", () => reject(this.#end));
    });
  }

  /** At once and in one write; what else is sent before the event loop goes on follows together, in one more. */
  send(packet: Buffer): void {
    this.#socket.write(packet);
    if (this.#gathering) return;
    this.#gathering = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#gathering = false;
      this.#socket.uncork();
    });
  }

  /** Answers when the operating system took the packet. */
  sent(packet: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(packet, (error) => (error ? reject(this.#end ?? error) : resolve()));
    });
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(reason: ConnectionError): void {
    if (this.#end) return;
    this.#end = reason;
    this.#socket.destroy();
    this.#listener.ended(reason);
  }

  #receive(chunk: Buffer): boolean {
    try {
      this.#cutter.push(chunk);
    } catch (cause) {
      if (!(cause instanceof XdrError)) throw cause;
      this.close(this.#failure("protocol", `sent what cannot be understood: ${cause.message}`, { cause }));
    }
    return true;
  }

  #lost(cause: Error | undefined): void {
    if (this.#end) return;
    const where = this.#cutter.isMidPacket() ? " in the middle of a packet" : "";
    const reason = this.#connected ? "lost" : "unreachable";
    const what = this.#connected ? `closed the connection${where}` : `cannot be reached: ${cause?.message}`;
    this.close(this.#failure(reason, what, { cause }));
  }

  #failure(
    reason: ConstructorParameters<typeof ConnectionError>[0],
    what: string,
    options?: ErrorOptions,
  ): ConnectionError {
    return new ConnectionError(reason, `libvirt at ${this.#socketPath} ${what}`, options);
  }
}
