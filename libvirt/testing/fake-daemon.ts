// A daemon made of answers that a test scripts: it stands for libvirtd where libvirtd cannot be made to misbehave.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorFields } from "../errors.ts";
import {
  type Header,
  headerLength,
  packetCutter,
  packetStatus,
  packetTypes,
  programs,
  readHeader,
  seal,
} from "../frames.ts";
import { writer } from "../octets.ts";
import type { Message, Procedure } from "../program.ts";
import { holeCodec } from "../streams.ts";
import { type Codec, type Of, struct } from "../xdr.ts";

export interface Received extends Header {
  payload: Buffer;
}

export interface FakeDaemon extends AsyncDisposable {
  socketPath: string;
  /** All packets that came, in order. */
  received: Received[];
  /** Answers once a packet came that fits. */
  until(fits: (packet: Received) => boolean): Promise<Received>;
}

export async function fakeDaemon(answer: (packet: Received, socket: Socket) => void): Promise<FakeDaemon> {
  const directory = mkdtempSync(join(tmpdir(), "fake-libvirt-"));
  const socketPath = join(directory, "socket");
  const sockets = new Set<Socket>();
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const cutter = packetCutter((packet) => {
      const latest = { ...readHeader(packet), payload: Buffer.from(packet.subarray(headerLength)) };
      received.push(latest);
      for (const look of waiting) look();
      answer(latest, socket);
    });
    socket.on("data", (chunk) => cutter.push(chunk as Buffer));
    socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    socketPath,
    received,
    until: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = received.find(fits);
          if (found && waiting.delete(look)) resolve(found);
        };
        waiting.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true });
    },
  };
}

export function packet<T>(header: Partial<Header>, codec: Codec<T>, value: T): Buffer {
  const output = writer(headerLength);
  codec.write(output, value);
  return seal(output, {
    program: programs.remote,
    procedure: 0,
    type: packetTypes.reply,
    serial: 0,
    status: 0,
    ...header,
  });
}

const nothing = struct({});

export const replyTo = <R>({ serial }: Header, procedure: Procedure<unknown, R>, reply: R): Buffer =>
  packet({ procedure: procedure.number, serial }, procedure.reply, reply);

const errorOf = (code: number, message: string): Of<typeof errorFields> => ({
  code,
  domain: 10,
  message,
  level: 2,
  dom: undefined,
  str1: undefined,
  str2: undefined,
  str3: undefined,
  int1: -1,
  int2: -1,
  net: undefined,
});

export const errorTo = ({ serial, procedure }: Header, code: number, message: string): Buffer =>
  packet({ procedure, serial, status: packetStatus.error }, struct(errorFields), errorOf(code, message));

export const messageOf = <T>({ program, number, fields }: Message<T>, value: T): Buffer =>
  packet({ program, procedure: number, type: packetTypes.message }, fields, value);

/** A piece of a stream; without bytes the sign of its end. */
export function piece({ serial, procedure }: Header, bytes: Buffer = Buffer.alloc(0)): Buffer {
  const raw: Codec<Buffer> = {
    kind: "raw",
    write(output, value) {
      output.buffer = Buffer.concat([output.buffer.subarray(0, output.at), value]);
      output.at += value.length;
    },
    read: () => bytes,
  };
  return packet({ procedure, serial, type: packetTypes.stream, status: packetStatus.continue }, raw, bytes);
}

export const hole = ({ serial, procedure }: Header, length: bigint): Buffer =>
  packet({ procedure, serial, type: packetTypes.hole, status: packetStatus.continue }, holeCodec, {
    length,
    flags: 0,
  });

export const streamOk = ({ serial, procedure }: Header): Buffer =>
  packet({ procedure, serial, type: packetTypes.stream }, nothing, {});

export const streamError = ({ serial, procedure }: Header, code: number, message: string): Buffer =>
  packet(
    { procedure, serial, type: packetTypes.stream, status: packetStatus.error },
    struct(errorFields),
    errorOf(code, message),
  );
