// Packets of libvirt's RPC: a length, a header of six words, a payload; cut out of whatever the socket delivers.
import { type Writer, XdrError } from "./octets.ts";

export const headerLength = 28;
const maxPacketLength = 4 + 32 * 1024 * 1024;

export const programs = { remote: 0x20008086, qemu: 0x20008087, keepalive: 0x6b656570 } as const;
export const packetTypes = { call: 0, reply: 1, message: 2, stream: 3, hole: 6 } as const;
export const packetStatus = { ok: 0, error: 1, continue: 2 } as const;
/** The same for all three programs. */
const protocolVersion = 1;

export interface Header {
  program: number;
  procedure: number;
  type: number;
  serial: number;
  status: number;
}

/** Fills in length and header in front of a payload that was written behind them. */
export function seal(output: Writer, header: Header): Buffer {
  const length = output.at;
  if (length > maxPacketLength)
    throw new XdrError(`packet is too long: ${length} bytes, expected up to ${maxPacketLength}`);
  const { buffer } = output;
  buffer.writeUInt32BE(length, 0);
  buffer.writeUInt32BE(header.program, 4);
  buffer.writeUInt32BE(protocolVersion, 8);
  buffer.writeUInt32BE(header.procedure, 12);
  buffer.writeUInt32BE(header.type, 16);
  buffer.writeUInt32BE(header.serial, 20);
  buffer.writeUInt32BE(header.status, 24);
  return buffer.subarray(0, length);
}

export function readHeader(packet: Buffer): Header {
  const version = packet.readUInt32BE(8);
  if (version !== protocolVersion) throw new XdrError(`protocol version is ${version}, expected ${protocolVersion}`);
  return {
    program: packet.readUInt32BE(4),
    procedure: packet.readUInt32BE(12),
    type: packet.readUInt32BE(16),
    serial: packet.readUInt32BE(20),
    status: packet.readUInt32BE(24),
  };
}

function checkedLength(length: number): number {
  if (length >= headerLength && length <= maxPacketLength) return length;
  throw new XdrError(`packet length is ${length}, expected ${headerLength} to ${maxPacketLength}`);
}

export interface PacketCutter {
  /** Hands on every packet that is complete; the rest of the chunk is copied, the chunk may be reused. */
  push(chunk: Buffer): void;
  /** Whether a packet has begun that is not complete. */
  isMidPacket(): boolean;
}

/** A whole packet is handed on as a view of its chunk: it is valid until deliver returns. */
export function packetCutter(deliver: (packet: Buffer) => void): PacketCutter {
  const lengthWord = Buffer.alloc(4);
  let partial = lengthWord;
  let filled = 0;

  function complete(chunk: Buffer): number {
    let at = 0;
    while (filled > 0 && at < chunk.length) {
      const copied = chunk.copy(partial, filled, at);
      at += copied;
      filled += copied;
      if (filled === partial.length) advance();
    }
    return at;
  }

  function advance(): void {
    const full = partial;
    if (full === lengthWord) {
      partial = Buffer.allocUnsafe(checkedLength(lengthWord.readUInt32BE()));
      lengthWord.copy(partial);
      return;
    }
    partial = lengthWord;
    filled = 0;
    deliver(full);
  }

  function keep(rest: Buffer): void {
    if (rest.length >= 4) partial = Buffer.allocUnsafe(checkedLength(rest.readUInt32BE()));
    filled = rest.copy(partial);
  }

  return {
    push(chunk) {
      let at = complete(chunk);
      while (chunk.length - at >= 4) {
        const length = checkedLength(chunk.readUInt32BE(at));
        if (chunk.length - at < length) break;
        deliver(chunk.subarray(at, at + length));
        at += length;
      }
      if (at < chunk.length) keep(chunk.subarray(at));
    },
    isMidPacket: () => filled > 0,
  };
}
