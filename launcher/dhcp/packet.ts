// DHCPv4 messages on the wire (RFC 2131, options RFC 2132).

export interface DhcpPacket {
  /** 1 from a client, 2 from a server. */
  op: number;
  transaction: number;
  seconds: number;
  flags: number;
  clientAddress: string;
  yourAddress: string;
  serverAddress: string;
  relayAddress: string;
  /** Hardware address, as 02:00:00:00:00:01. */
  mac: string;
  options: Map<number, Buffer>;
}

const headerLength = 236;
const magicCookie = 0x63825363;
/** Of BOOTP: some relays and clients drop what is shorter. */
const leastLength = 300;
const ethernet = { type: 1, length: 6 };
const pad = 0;
const end = 255;

/** Undefined for everything that is no DHCP message of an Ethernet client. */
export function decode(bytes: Buffer): DhcpPacket | undefined {
  if (bytes.length < headerLength + 4 || bytes.readUInt32BE(headerLength) !== magicCookie) return undefined;
  if (bytes[1] !== ethernet.type || bytes[2] !== ethernet.length) return undefined;
  const options = decodeOptions(bytes.subarray(headerLength + 4));
  return (
    options && {
      op: bytes.readUInt8(0),
      transaction: bytes.readUInt32BE(4),
      seconds: bytes.readUInt16BE(8),
      flags: bytes.readUInt16BE(10),
      clientAddress: readAddress(bytes, 12),
      yourAddress: readAddress(bytes, 16),
      serverAddress: readAddress(bytes, 20),
      relayAddress: readAddress(bytes, 24),
      mac: bytes
        .subarray(28, 34)
        .toString("hex")
        .replace(/..(?=.)/g, "$&:"),
      options,
    }
  );
}

export function encode(packet: DhcpPacket): Buffer {
  const header = Buffer.alloc(headerLength + 4);
  header.writeUInt8(packet.op, 0);
  header.writeUInt8(ethernet.type, 1);
  header.writeUInt8(ethernet.length, 2);
  header.writeUInt32BE(packet.transaction, 4);
  header.writeUInt16BE(packet.seconds, 8);
  header.writeUInt16BE(packet.flags, 10);
  addressBytes(packet.clientAddress).copy(header, 12);
  addressBytes(packet.yourAddress).copy(header, 16);
  addressBytes(packet.serverAddress).copy(header, 20);
  addressBytes(packet.relayAddress).copy(header, 24);
  Buffer.from(packet.mac.replaceAll(":", ""), "hex").copy(header, 28);
  header.writeUInt32BE(magicCookie, headerLength);
  const written = Buffer.concat([header, ...[...packet.options].flatMap(encodeOption), Buffer.of(end)]);
  return Buffer.concat([written, Buffer.alloc(Math.max(0, leastLength - written.length))]);
}

/** A value longer than 255 is sent in pieces that the receiver joins (RFC 3396). */
function encodeOption([code, value]: [number, Buffer]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at === 0 || at < value.length; at += 255) {
    const piece = value.subarray(at, at + 255);
    pieces.push(Buffer.of(code, piece.length), piece);
  }
  return pieces;
}

function decodeOptions(bytes: Buffer): Map<number, Buffer> | undefined {
  const options = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length; ) {
    const code = bytes.readUInt8(at);
    if (code === end) break;
    if (code === pad) {
      at += 1;
      continue;
    }
    const length = bytes[at + 1];
    if (length === undefined || at + 2 + length > bytes.length) return undefined;
    const value = bytes.subarray(at + 2, at + 2 + length);
    options.set(code, Buffer.concat([options.get(code) ?? Buffer.alloc(0), value]));
    at += 2 + length;
  }
  return options;
}

const readAddress = (bytes: Buffer, at: number): string => [...bytes.subarray(at, at + 4)].join(".");

export const addressBytes = (address: string): Buffer => Buffer.from(address.split(".").map(Number));
