// Streams against a daemon that sends their pieces in every order it may.
import type { Socket } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { Connection } from "./connection.ts";
import { packetStatus, packetTypes } from "./frames.ts";
import { remote } from "./procedures.ts";
import type { Stream } from "./streams.ts";
import {
  errorTo,
  fakeDaemon,
  hole,
  packet,
  piece,
  type Received,
  replyTo,
  streamError,
  streamOk,
} from "./testing/fake-daemon.ts";
import { untilEnd } from "./testing/until-end.ts";
import { struct } from "./xdr.ts";

const kept = untilEnd();

const volume = { pool: "p", name: "v", key: "k" };
const download = (connection: Connection, options?: { timeoutMs: number }): Promise<{ stream: Stream }> =>
  connection.openStream(remote.storageVolDownload, { vol: volume, offset: 0n, length: 0n, flags: 1 }, options);
const upload = (connection: Connection): Promise<{ stream: Stream }> =>
  connection.openStream(remote.storageVolUpload, { vol: volume, offset: 0n, length: 0n, flags: 0 });
const opened = (call: Received): Buffer => packet({ procedure: call.procedure, serial: call.serial }, struct({}), {});

const isCall = ({ type }: Received): boolean => type === packetTypes.call;
const isStream =
  (status: number) =>
  (received: Received): boolean =>
    received.type === packetTypes.stream && received.status === status;
const isGoodbye = isStream(packetStatus.ok);
const isAbort = isStream(packetStatus.error);

async function against(
  answer: (received: Received, socket: Socket) => Buffer[],
  act: (connection: Connection, daemon: Awaited<ReturnType<typeof fakeDaemon>>) => Promise<void>,
): Promise<void> {
  const daemon = kept(
    await fakeDaemon((received, socket) => {
      const closing = received.procedure === remote.connectClose.number;
      const packets = closing ? [replyTo(received, remote.connectClose, {})] : answer(received, socket);
      if (packets.length > 0) socket.write(Buffer.concat(packets));
    }),
  );
  const connection = kept(await Connection.open(daemon.socketPath));
  await act(connection, daemon);
}

const all = async (stream: Stream): Promise<unknown[]> => {
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(Buffer.isBuffer(chunk) ? chunk.toString() : chunk);
  return chunks;
};

describe("reading", () => {
  test("finds what came in one piece with the reply, and says goodbye", () =>
    against(
      (received) => {
        if (isCall(received))
          return [
            opened(received),
            piece(received, Buffer.from("one")),
            piece(received, Buffer.from("two")),
            piece(received),
          ];
        return isGoodbye(received) ? [streamOk(received)] : [];
      },
      async (connection, daemon) => {
        const { stream } = await download(connection);
        expect(await all(stream)).toEqual(["one", "two"]);
        expect(await stream.read()).toBeUndefined();
        expect(daemon.received.filter(isGoodbye)).toHaveLength(1);
      },
    ));

  test("finds what waited while other packets came", () =>
    against(
      (received) => {
        if (received.procedure === remote.connectGetHostname.number)
          return [replyTo(received, remote.connectGetHostname, { hostname: "x".repeat(1000) })];
        return isCall(received) ? [opened(received), piece(received, Buffer.from("first"))] : [streamOk(received)];
      },
      async (connection) => {
        const { stream } = await download(connection);
        await connection.call(remote.connectGetHostname, {});
        expect(String(await stream.read())).toBe("first");
        await stream.abort();
      },
    ));

  test("that is left when all has been sent needs no abort", () =>
    against(
      (received) => {
        if (isCall(received)) return [opened(received), piece(received, Buffer.from("a")), piece(received)];
        return isGoodbye(received) ? [streamOk(received)] : [];
      },
      async (connection, daemon) => {
        const { stream } = await download(connection);
        await stream.abort();
        expect(await stream.read()).toBeUndefined();
        expect(daemon.received.filter(isAbort)).toHaveLength(0);
      },
    ));

  test("tells holes from bytes", () =>
    against(
      (received) => {
        if (isCall(received))
          return [opened(received), piece(received, Buffer.from("a")), hole(received, 2n ** 40n), piece(received)];
        return isGoodbye(received) ? [streamOk(received)] : [];
      },
      async (connection) => {
        const { stream } = await download(connection);
        expect(await all(stream)).toEqual(["a", { holeLength: 2n ** 40n }]);
      },
    ));

  test("fails after what was sent before the failure", () =>
    against(
      (received) =>
        isCall(received)
          ? [opened(received), piece(received, Buffer.from("a")), streamError(received, 38, "no space")]
          : [],
      async (connection) => {
        const { stream } = await download(connection);
        expect(String(await stream.read())).toBe("a");
        await expect(stream.read()).rejects.toMatchObject({ name: "LibvirtError", code: 38, message: "no space" });
      },
    ));

  test("that is left early aborts, and what is still under way is dropped", () =>
    against(
      (received) => {
        if (isCall(received))
          return [opened(received), piece(received, Buffer.from("a")), piece(received, Buffer.from("b"))];
        return isAbort(received) ? [piece(received, Buffer.from("c")), streamOk(received), piece(received)] : [];
      },
      async (connection, daemon) => {
        const { stream } = await download(connection);
        for await (const chunk of stream) {
          expect(String(chunk)).toBe("a");
          break;
        }
        expect(daemon.received.filter(isAbort)).toHaveLength(1);
        expect(await stream.read()).toBeUndefined();
      },
    ));

  test("slowly stops the daemon, and nothing is lost", () => {
    const part = Buffer.alloc(262120, 1);
    const parts = 80;
    return against(
      (received) => {
        if (isCall(received)) return [opened(received), ...Array(parts).fill(piece(received, part)), piece(received)];
        return isGoodbye(received) ? [streamOk(received)] : [];
      },
      async (connection, daemon) => {
        const { stream } = await download(connection);
        await expect(connection.call(remote.connectGetHostname, {}, { timeoutMs: 100 })).rejects.toThrow(
          "within 100 ms",
        );
        expect(daemon.received.some(isGoodbye)).toBe(false);
        let length = 0;
        for await (const chunk of stream) length += (chunk as Buffer).length;
        expect(length).toBe(parts * part.length);
      },
    );
  });

  test("ends with the connection", () =>
    against(
      (received, socket) => {
        if (isCall(received)) socket.end(opened(received));
        return [];
      },
      async (connection) => {
        const { stream } = await download(connection);
        await expect(stream.read()).rejects.toMatchObject({ reason: "lost" });
      },
    ));
});

describe("writing", () => {
  test("cuts into the protocol's pieces, and ends when the daemon agrees", () =>
    against(
      (received) => {
        if (isCall(received)) return [opened(received)];
        return isGoodbye(received) ? [streamOk(received)] : [];
      },
      async (connection, daemon) => {
        const { stream } = await upload(connection);
        await stream.write(Buffer.alloc(600_000, 7));
        await stream.writeHole(5n);
        await stream.end();
        const sent = daemon.received.filter(({ status }) => status === packetStatus.continue);
        expect(sent.map(({ type, payload }) => [type, payload.length])).toEqual([
          [packetTypes.stream, 262120],
          [packetTypes.stream, 262120],
          [packetTypes.stream, 75760],
          [packetTypes.hole, 12],
        ]);
        await expect(stream.write(Buffer.alloc(1))).rejects.toThrow(
          "stream of storageVolUpload is over, expected open",
        );
      },
    ));

  test("tells a failure at its end", () =>
    against(
      (received) => {
        if (isCall(received)) return [opened(received)];
        return isGoodbye(received) ? [streamError(received, 38, "no space")] : [];
      },
      async (connection) => {
        const { stream } = await upload(connection);
        await stream.write(Buffer.alloc(10));
        await expect(stream.end()).rejects.toMatchObject({ code: 38 });
        await expect(stream.write(Buffer.alloc(1))).rejects.toMatchObject({ code: 38 });
      },
    ));
});

describe("opening", () => {
  test("that is refused tells why", () =>
    against(
      (received) => [errorTo(received, 50, "no such volume")],
      (connection) => expect(download(connection)).rejects.toMatchObject({ code: 50 }),
    ));

  test("that was given up is aborted once the daemon has opened it", () => {
    let call: Received | undefined;
    return against(
      (received) => {
        if (received.procedure === remote.connectGetHostname.number && call)
          return [
            opened(call),
            piece(call, Buffer.from("late")),
            replyTo(received, remote.connectGetHostname, { hostname: "x" }),
          ];
        if (isAbort(received)) return [streamOk(received)];
        call = received;
        return [];
      },
      async (connection, daemon) => {
        await expect(download(connection, { timeoutMs: 20 })).rejects.toMatchObject({ name: "CallTimeoutError" });
        await connection.call(remote.connectGetHostname, {});
        expect(await daemon.until(isAbort)).toMatchObject({ serial: call?.serial });
      },
    );
  });
});
